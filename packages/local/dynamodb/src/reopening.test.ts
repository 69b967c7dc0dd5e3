import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { openStorage } from '@posthorn/local-storage';
import { keys } from './level/keys.ts';
import { startDynamodbEmbedded } from './server.ts';
import { createItems, startServer, type TestServer, withStream } from './testing/a-server.ts';
import { readStream } from './testing/read-stream.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynamodb-embedded-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function inTurn<T>(...steps: readonly ((server: TestServer) => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = [];
  for (const step of steps) {
    const server = await startServer({ folder });
    results.push(await step(server).finally(() => server.stop()));
  }
  return results;
}

const item = (id: string, rest = {}) => ({ id: { S: id }, ...rest });

it('finds tables, items, streams and the time to live as they were', async () => {
  await inTurn(
    async (server) => {
      await createItems(server, 'items', withStream);
      await server.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: item('a', { n: { N: '1' } }) }));
      await server.dynamodb.send(
        new UpdateTimeToLiveCommand({
          TableName: 'items',
          TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
        }),
      );
    },
    async (server) => {
      await server.dynamodb.send(
        new UpdateItemCommand({
          TableName: 'items',
          Key: item('a'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      );
      const { Item } = await server.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: item('a') }));
      expect(Item).toEqual(item('a', { n: { N: '2' } }));
      const { TimeToLiveDescription } = await server.dynamodb.send(
        new DescribeTimeToLiveCommand({ TableName: 'items' }),
      );
      expect(TimeToLiveDescription).toEqual({ AttributeName: 'until', TimeToLiveStatus: 'ENABLED' });
      const records = await readStream(server, 'items');
      expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.NewImage?.n?.N])).toEqual([
        ['INSERT', '1'],
        ['MODIFY', '2'],
      ]);
    },
  );
});

it('runs a transaction with a token once, also over a restart', async () => {
  const send = (server: TestServer, amount: string) =>
    server.dynamodb.send(
      new TransactWriteItemsCommand({
        ClientRequestToken: 'transfer-1',
        TransactItems: [
          {
            Update: {
              TableName: 'items',
              Key: item('a'),
              UpdateExpression: 'ADD n :amount',
              ExpressionAttributeValues: { ':amount': { N: amount } },
            },
          },
        ],
      }),
    );
  await inTurn<unknown>(
    async (server) => {
      await createItems(server, 'items');
      await send(server, '5');
      await send(server, '5');
    },
    async (server) => {
      await send(server, '5');
      await expect(send(server, '6')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
      const { Item } = await server.dynamodb.send(new GetItemCommand({ TableName: 'items', Key: item('a') }));
      expect(Item?.n).toEqual({ N: '5' });
    },
  );
});

it('fills a new index to the end, also if it is stopped in the middle', async () => {
  const count = 700;
  const query = (server: TestServer) =>
    server.dynamodb.send(
      new QueryCommand({
        TableName: 'items',
        IndexName: 'byKind',
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'x' } },
        Select: 'COUNT',
      }),
    );
  await inTurn<unknown>(
    async (server) => {
      await createItems(server, 'items');
      const ids = Array.from({ length: count }, (_, number) => String(number));
      await Promise.all(
        ids.map((id) =>
          server.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: item(id, { kind: { S: 'x' } }) })),
        ),
      );
      await server.dynamodb.send(
        new UpdateTableCommand({
          TableName: 'items',
          AttributeDefinitions: [
            { AttributeName: 'id', AttributeType: 'S' },
            { AttributeName: 'kind', AttributeType: 'S' },
          ],
          GlobalSecondaryIndexUpdates: [
            {
              Create: {
                IndexName: 'byKind',
                KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
                Projection: { ProjectionType: 'KEYS_ONLY' },
              },
            },
          ],
        }),
      );
    },
    async (server) => {
      for (;;) {
        const { Table } = await server.dynamodb.send(new DescribeTableCommand({ TableName: 'items' }));
        if (Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus === 'ACTIVE') break;
      }
      expect(await query(server)).toMatchObject({ Count: count });
    },
  );
});

it('rejects a folder that another process has open', async () => {
  const server = await startDynamodbEmbedded({ folder });
  await expect(startDynamodbEmbedded({ folder })).rejects.toThrow(`${folder} is in use by another process`);
  await server.stop();
});

it('rejects a folder with another format, and does not change it', async () => {
  const storage = await openStorage({ folder });
  await storage.commit([{ type: 'put', key: keys.format, value: '99' }]);
  await storage.close();
  await expect(startDynamodbEmbedded({ folder })).rejects.toThrow('has format 99, but');
  const again = await openStorage({ folder });
  expect(again.get(keys.format)).toBe('99');
  await again.close();
});

it('gives no stream record the number of another one in a copy of the folder, nor of one that a restored copy lost', async () => {
  const put = (server: TestServer, id: string) =>
    server.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: item(id) }));
  const numbersOf = async (server: TestServer) =>
    (await readStream(server, 'items')).map(({ dynamodb }) => dynamodb?.SequenceNumber);
  const copy = `${folder}-copy`;
  const first = await startServer({ folder });
  await createItems(first, 'items', withStream);
  await put(first, 'before');
  const before = await numbersOf(first);
  await first.stop();
  await cp(folder, copy, { recursive: true });
  // Longer than the numbers that the first one has reserved.
  await wait(50);
  try {
    const [original, restored] = [await startServer({ folder }), await startServer({ folder: copy })];
    for (const id of ['a', 'b', 'c']) await Promise.all([put(original, id), put(restored, id)]);
    const [of, ofCopy] = [await numbersOf(original), await numbersOf(restored)];
    await Promise.all([original.stop(), restored.stop()]);
    // What was read before is the same record in both: a reader goes on where it was.
    expect([of.slice(0, 1), ofCopy.slice(0, 1)]).toEqual([before, before]);
    expect(new Set([...of, ...ofCopy]).size).toBe(7);
  } finally {
    await rm(copy, { recursive: true });
  }
});
