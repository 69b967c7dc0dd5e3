import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { type EmbeddedDynamodb, openEmbeddedDynamodb } from '../engine/engine.ts';
import { createItems, withStream } from '../testing/a-server.ts';
import { createInProcessClient, type InProcessClient } from './client.ts';

let store: EmbeddedDynamodb;
let client: InProcessClient;
const streamWaitMs = 60_000;
beforeEach(async () => {
  store = await openEmbeddedDynamodb({ streamWaitMs });
  client = createInProcessClient(store, { pauseMs: () => 0 });
  // It takes the place of the SDK's client.
  await createItems({ dynamodb: client as unknown as DynamoDBClient }, 'items', withStream);
});
afterEach(() => store.close());

const key = () => ({ id: { S: 'a' } });
const item = () => ({
  ...key(),
  bytes: { B: new Uint8Array([1, 2, 3]) },
  map: { M: { list: { L: [{ BS: [new Uint8Array([4])] }, { NULL: true }] }, absent: undefined as never } },
});
const putIfNew = () =>
  new PutItemCommand({
    TableName: 'items',
    Item: item(),
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
const get = async () => (await client.send(new GetItemCommand({ TableName: 'items', Key: key() }))).Item;

/** Changes everything in a value that can be changed. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Uint8Array) return void value.fill(9);
  for (const name of Object.keys(value)) {
    // Every object has a value for each of its keys.
    spoil((value as Record<string, unknown>)[name]);
    (value as Record<string, unknown>)[name] = { S: 'spoilt' };
  }
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

it('never modifies the input', async () => {
  const put = putIfNew();
  freeze(put.input);
  await client.send(put);
  const query = new QueryCommand(
    freeze({
      TableName: 'items',
      KeyConditionExpression: 'id = :id',
      FilterExpression: 'attribute_exists(#bytes)',
      ExpressionAttributeNames: { '#bytes': 'bytes' },
      ExpressionAttributeValues: { ':id': key().id },
    }),
  );
  expect(await client.send(query)).toMatchObject({ Count: 1 });
  const update = freeze({
    TableName: 'items',
    Key: key(),
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': { N: '1.0' } },
  });
  await client.send(new UpdateItemCommand(update));
  expect(await get()).toMatchObject({ n: { N: '1' } });
});

it('keeps what was put, whatever the caller does with its input and with outputs', async () => {
  const put = putIfNew();
  const written = client.send(put);
  spoil(put.input);
  await written;
  const before = await get();
  expect(before).toEqual({ ...item(), map: { M: { list: item().map.M.list } } });
  const old = await client.send(new PutItemCommand({ TableName: 'items', Item: key(), ReturnValues: 'ALL_OLD' }));
  expect(old.Attributes).toEqual(before);
  spoil(old);
  spoil(before);
  const refused = await client.send(putIfNew()).catch((error: unknown) => error);
  spoil((refused as ConditionalCheckFailedException).Item);
  expect(await get()).toEqual(key());

  const described = await client.send(new DescribeTableCommand({ TableName: 'items' }));
  spoil(described.Table);
  expect((await client.send(new DescribeTableCommand({ TableName: 'items' }))).Table?.TableName).toBe('items');
});

it('throws errors that are instances of the SDK classes', async () => {
  await client.send(putIfNew());
  const error = await client.send(putIfNew()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    $fault: 'client',
    $metadata: { httpStatusCode: 400, attempts: 1, requestId: expect.stringMatching(/^[0-9A-F]{52}$/) },
    Item: { bytes: { B: new Uint8Array([1, 2, 3]) } },
  });
});

it('keeps attributes with the name __proto__, at any depth', async () => {
  const text = '{"id":{"S":"proto"},"__proto__":{"M":{"__proto__":{"S":"x"}}}}';
  await client.send(new PutItemCommand({ TableName: 'items', Item: JSON.parse(text) }));
  const { Item } = await client.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'proto' } } }));
  expect(JSON.stringify(Item)).toBe(text);
});

describe('retries', () => {
  const strike = (kind: 'throttle' | 'error' | 'lost-answer' | 'conflict', times: number) =>
    store.faults.set({ seed: 1, rules: [{ kind, probability: 1, times }] });

  it.each(['throttle', 'error', 'lost-answer'] as const)('tries again after %s', async (kind) => {
    strike(kind, 2);
    expect(await client.send(new GetItemCommand({ TableName: 'items', Key: key() }))).toMatchObject({
      $metadata: { attempts: 3 },
    });
  });

  it('gives up after as many tries as it was told, with the last error', async () => {
    strike('throttle', 9);
    await expect(get()).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { attempts: 3 },
    });
    strike('lost-answer', 9);
    await expect(get()).rejects.toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' });
    expect(store.faults.counts()).toEqual([3]);
  });

  it('does not try again after another error', async () => {
    strike('conflict', 9);
    await expect(get()).rejects.toMatchObject({ name: 'TransactionConflictException', $metadata: { attempts: 1 } });
  });

  it('applies a transaction once, even if its first response was lost', async () => {
    strike('lost-answer', 1);
    const Update = {
      TableName: 'items',
      Key: key(),
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update }] }));
    store.faults.set();
    expect(await get()).toEqual({ ...key(), n: { N: '1' } });
  });
});

describe('streams', () => {
  const openShard = async () => {
    const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: 'items' }));
    const StreamArn = Streams[0]?.StreamArn;
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const place = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    return (await client.send(new GetShardIteratorCommand(place))).ShardIterator;
  };

  it('wakes a reader at the end of a shard as soon as a record is durable', async () => {
    const reading = client.send(new GetRecordsCommand({ ShardIterator: await openShard() }));
    await client.send(putIfNew());
    const { Records } = await reading;
    expect(Records).toMatchObject([
      { eventName: 'INSERT', dynamodb: { ApproximateCreationDateTime: expect.any(Date), Keys: key() } },
    ]);
  });

  it('lets go of a reader that waits when its signal aborts, and when the store closes', async () => {
    const abort = new AbortController();
    const command = new GetRecordsCommand({ ShardIterator: await openShard() });
    const aborted = client.send(command, { abortSignal: abort.signal });
    const waiting = client.send(command);
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    await store.close();
    expect(await waiting).toMatchObject({ Records: [] });
  });
});
