import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as streams from '@aws-sdk/client-dynamodb-streams';
import { type EmbeddedDynamodb, openEmbeddedDynamodb } from '../engine/engine.ts';
import { type DynamodbServer, serveDynamodb } from '../server.ts';
import { createItems, withStream } from '../testing/a-server.ts';
import { createClients } from '../testing/clients.ts';
import { createInProcessClient, type InProcessClient } from './client.ts';

// Both clients use one store, so that reads and rejected requests give equal results. The contract in
// packages/testing/dynamodb-agreement also runs writes through this client.
let store: EmbeddedDynamodb;
let server: DynamodbServer;
let sdk: ReturnType<typeof createClients>;
let client: InProcessClient;

const TableName = 'items';
const Key = { id: { S: 'a' } };
const bytes: dynamodb.AttributeValue = { B: new Uint8Array([1, 2, 255]) };
const Item: Record<string, dynamodb.AttributeValue> = {
  ...Key,
  kind: { S: 'x' },
  bytes,
  none: { B: new Uint8Array() },
  sets: { M: { SS: { SS: ['a'] }, NS: { NS: ['1'] }, BS: { BS: [new Uint8Array([3]), new Uint8Array([4])] } } },
  B: { L: [{ B: new Uint8Array([5]) }, { BOOL: false }, { NULL: true }, { N: '1.5' }] },
  BS: { S: 'text' },
  SomeDateTime: { N: '12' },
};
const isNew = {
  ConditionExpression: 'attribute_not_exists(id)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
} as const;

beforeAll(async () => {
  store = await openEmbeddedDynamodb();
  server = await serveDynamodb(store);
  sdk = createClients(server.endpoint);
  client = createInProcessClient(store, { maxAttempts: 1 });
  await createItems(sdk, TableName, {
    ...withStream,
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byKind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    Tags: [{ Key: 'B', Value: 'c' }],
  });
  await client.send(new dynamodb.PutItemCommand({ TableName, Item }));
});
afterAll(async () => {
  sdk.destroy();
  await server.stop();
  await store.close();
});

/** The result or error of a call with all its members, but without the request id. */
async function outcomeOf(call: Promise<object>) {
  const settled = await call.then(
    (output) => ({ output }),
    (error: Error) => ({ error, text: String(error), members: { ...error } }),
  );
  const [result] = Object.values(settled);
  if (result === undefined || !('$metadata' in result)) throw new Error(`no metadata: ${String(result)}`);
  expect(result.$metadata).toMatchObject({ requestId: expect.stringMatching(/^[0-9A-F]{52}$/) });
  Object.assign(result.$metadata as object, { requestId: 'any' });
  return settled;
}

const indexed = { TableName, IndexName: 'byKind', KeyConditionExpression: 'kind = :kind' };
const capacity = { ReturnConsumedCapacity: 'INDEXES' } as const;

const commands = [
  new dynamodb.GetItemCommand({ TableName, Key, ...capacity }),
  new dynamodb.GetItemCommand({ TableName, Key: { id: { S: 'missing' } } }),
  new dynamodb.BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key], ConsistentRead: true } } }),
  new dynamodb.TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] }),
  new dynamodb.QueryCommand({ ...indexed, ...capacity, Limit: 1, ExpressionAttributeValues: { ':kind': { S: 'x' } } }),
  new dynamodb.ScanCommand({
    TableName,
    FilterExpression: 'bytes = :b',
    ExpressionAttributeValues: { ':b': bytes },
  }),
  new dynamodb.DescribeTableCommand({ TableName }),
  new dynamodb.DescribeTimeToLiveCommand({ TableName }),
  new dynamodb.ListTablesCommand({}),
  // Refused:
  new dynamodb.PutItemCommand({ TableName, Item, ...isNew }),
  new dynamodb.UpdateItemCommand({ TableName, Key, ...isNew, UpdateExpression: 'REMOVE kind' }),
  new dynamodb.TransactWriteItemsCommand({
    TransactItems: [{ Put: { TableName, Item, ...isNew } }, { Delete: { TableName, Key: { id: { S: 'other' } } } }],
  }),
  new dynamodb.PutItemCommand({ TableName, Item: { id: { S: '' } } }),
  new dynamodb.PutItemCommand({ TableName, Item: { ...Key, n: { N: 'x' } } }),
  new dynamodb.PutItemCommand({ TableName: undefined, Item }),
  new dynamodb.PutItemCommand({ TableName, Item: undefined }),
  new dynamodb.PutItemCommand({ TableName, Item: { ...Key, text: { S: 'x'.repeat(410_000) } } }),
  new dynamodb.QueryCommand({ ...indexed, KeyConditionExpression: 'kind = ' }),
  new dynamodb.GetItemCommand({ TableName: 'nowhere', Key }),
  new dynamodb.DescribeTableCommand({ TableName: 'nowhere' }),
  new dynamodb.CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  }),
  new dynamodb.ListBackupsCommand({}),
] as const;

it.each(commands.map((command, number) => [`${command.constructor.name} ${number}`, command] as const))(
  'gives the result or error of the SDK for %s',
  async (_, command) => {
    // All commands have the same form; each has an overload of its own.
    const overHttp = await outcomeOf(sdk.dynamodb.send(command as dynamodb.GetItemCommand));
    expect(await outcomeOf(client.send<object>(command))).toEqual(overHttp);
  },
);

it.each(['throttle', 'error', 'lost-answer'] as const)('gives the error of the SDK for %s', async (kind) => {
  const read = new dynamodb.GetItemCommand({ TableName, Key });
  const fail = () => store.faults.set({ seed: 1, rules: [{ kind, probability: 1, times: 1 }] });
  fail();
  const overHttp: Error = await sdk.dynamodb.send(read).catch((error) => error);
  fail();
  const inProcess: Error = await client.send(read).catch((error) => error);
  store.faults.set();
  // The SDK wraps a lost connection, if its error is of another realm, as in a test.
  if (kind === 'lost-answer') expect(overHttp.message).toContain(`${inProcess.name}: ${inProcess.message}`);
  else expect(inProcess).toMatchObject({ name: overHttp.name, message: overHttp.message });
});

it('gives the results of the SDK for streams', async () => {
  const list = new streams.ListStreamsCommand({ TableName });
  const { Streams = [] } = await client.send(list);
  const StreamArn = Streams[0]?.StreamArn;
  const describe = new streams.DescribeStreamCommand({ StreamArn });
  const { StreamDescription } = await client.send(describe);
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const open = new streams.GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  const { ShardIterator } = await client.send(open);
  const read = new streams.GetRecordsCommand({ ShardIterator });
  expect(await outcomeOf(client.send(list))).toEqual(await outcomeOf(sdk.streams.send(list)));
  expect(await outcomeOf(client.send(describe))).toEqual(await outcomeOf(sdk.streams.send(describe)));
  const withoutIterator = async (call: Promise<object>) => ({
    ...(await call),
    $metadata: {},
    NextShardIterator: 'any',
  });
  const overHttp = await withoutIterator(sdk.streams.send(read));
  expect(overHttp).toMatchObject({ Records: [{ dynamodb: { NewImage: Item } }] });
  expect(await withoutIterator(client.send(read))).toEqual(overHttp);
  const bad = new streams.GetRecordsCommand({ ShardIterator: 'bad' });
  expect(await outcomeOf(client.send(bad))).toEqual(await outcomeOf(sdk.streams.send(bad)));
});
