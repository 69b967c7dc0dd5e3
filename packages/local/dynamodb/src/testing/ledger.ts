import {
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../values.ts';

/** The test knows every change of this table: each writer has its own accounts and sends one write at a time. */
export const tableName = 'ledger';
export const indexName = 'byOwner';

export const createLedger = (client: DynamoDBClient) =>
  client.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: ['account', 'owner'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'account', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: indexName,
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );

/** A write, and the state of its accounts afterwards. */
export interface LedgerWrite {
  readonly after: ReadonlyMap<string, Item | undefined>;
  send(client: DynamoDBClient): Promise<unknown>;
}

const toItem = (account: string, version: number): Item => ({
  account: { S: account },
  owner: { S: `owner-${version % 7}` },
  version: { N: String(version) },
  note: { S: `${account} at ${version} `.repeat(20) },
});

const put = (account: string, version: number): LedgerWrite => {
  const item = toItem(account, version);
  return {
    after: new Map([[account, item]]),
    send: (client) => client.send(new PutItemCommand({ TableName: tableName, Item: item as never })),
  };
};

const move = (account: string, version: number, before: Item | undefined): LedgerWrite => {
  const item = {
    ...before,
    account: { S: account },
    owner: { S: `owner-${version % 7}` },
    version: { N: String(version) },
  };
  return {
    after: new Map([[account, item]]),
    send: (client) =>
      client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { account: { S: account } },
          UpdateExpression: 'SET #owner = :owner, version = :version',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':owner': item.owner, ':version': item.version },
        }),
      ),
  };
};

const remove = (account: string): LedgerWrite => ({
  after: new Map([[account, undefined]]),
  send: (client) => client.send(new DeleteItemCommand({ TableName: tableName, Key: { account: { S: account } } })),
});

const transfer = (accounts: readonly string[], version: number): LedgerWrite => {
  const items = accounts.map((account) => toItem(account, version));
  return {
    after: new Map(accounts.map((account, index) => [account, items[index]])),
    send: (client) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: items.map((item) => ({ Put: { TableName: tableName, Item: item as never } })),
        }),
      ),
  };
};

/** Returns a random next write of a writer. */
export function chooseWrite(
  accounts: readonly string[],
  version: number,
  state: ReadonlyMap<string, Item | undefined>,
  random: () => number,
): LedgerWrite {
  const account = accounts[Math.floor(random() * accounts.length)] ?? '';
  const kind = random();
  if (kind < 0.4) return put(account, version);
  if (kind < 0.65) return move(account, version, state.get(account));
  if (kind < 0.8) return remove(account);
  return transfer(accounts.slice(0, 2), version);
}

/** Returns all items of the table or its index by account. */
export async function readAll(client: DynamoDBClient, IndexName?: string): Promise<ReadonlyMap<string, Item>> {
  const items = new Map<string, Item>();
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({ TableName: tableName, ...(IndexName && { IndexName }), ExclusiveStartKey: start as never }),
    );
    for (const item of Items as readonly Item[]) items.set(item.account?.S ?? '', item);
    start = LastEvaluatedKey as Item | undefined;
  } while (start);
  return items;
}
