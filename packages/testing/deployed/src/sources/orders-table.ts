import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Account } from '../stacks/read-installation.ts';

/** A table of the user, beside the installation. */
const TableName = 'orders';

/** By name alone: the deployment looks up its stream. */
const file = `
sources:
  - name: orders
    table: ${TableName}
    application: { attribute: customer }
    auto_create: true
    rules:
      - name: all
        event_type: order.\${operation}
        payload: { include: [keys, new] }
`;

/** The user's table, and the file that makes it a source. */
export interface OrdersTable {
  readonly sourcesFile: string;
  /** Writes as the user's program, not as a function. */
  put(id: string, customer: string): Promise<void>;
  stop(): Promise<void>;
}

/** Creates the table in the account, before anything is deployed. */
export async function createOrdersTable(account: Account): Promise<OrdersTable> {
  const client = new DynamoDBClient(account);
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const folder = await mkdtemp(join(tmpdir(), 'deployed-sources-'));
  const sourcesFile = join(folder, 'posthorn.sources.yml');
  await writeFile(sourcesFile, file);
  return {
    sourcesFile,
    put: async (id, customer) => {
      const total = { N: '9007199254740993' };
      await client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, customer: { S: customer }, total } }));
    },
    stop: async () => {
      client.destroy();
      await rm(folder, { recursive: true });
    },
  };
}
