import { DeleteTableCommand, PutItemCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { createItems, startServer, type TestServer, withStream } from '../testing/a-server.ts';
import { readStream } from '../testing/read-stream.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ shardsPerStream: 4, streamWaitMs: 20_000 });
});
afterAll(() => server.stop());

const put = (TableName: string, id: string, version = '1') =>
  server.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, version: { N: version } } }));
const describe_ = async (TableName: string) => {
  const { Streams = [] } = await server.streams.send(new ListStreamsCommand({ TableName }));
  const { StreamDescription } = await server.streams.send(
    new DescribeStreamCommand({ StreamArn: Streams.at(-1)?.StreamArn }),
  );
  if (!StreamDescription) throw new Error('no stream');
  return StreamDescription;
};

it('spreads items over the shards, and keeps the changes of each item in order in one shard', async () => {
  await createItems(server, 'spread', withStream);
  const ids = Array.from({ length: 40 }, (_, number) => `item-${number}`);
  for (const version of ['1', '2', '3']) await Promise.all(ids.map((id) => put('spread', id, version)));
  await server.dynamodb.send(
    new UpdateTableCommand({ TableName: 'spread', StreamSpecification: { StreamEnabled: false } }),
  );
  const { Shards = [], StreamStatus } = await describe_('spread');
  expect(StreamStatus).toBe('DISABLED');
  expect(Shards).toHaveLength(4);
  expect(Shards.every(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber)).toBe(true);
  const records = await readStream(server, 'spread');
  expect(records).toHaveLength(120);
  for (const id of ids) {
    const own = records.filter(({ dynamodb }) => dynamodb?.Keys?.id?.S === id);
    expect(own.map(({ dynamodb }) => dynamodb?.NewImage?.version?.N)).toEqual(['1', '2', '3']);
  }
});

it('lets a reader at the end wait for the next record', async () => {
  await createItems(server, 'awaited', withStream);
  const { StreamArn, Shards = [] } = await describe_('awaited');
  const iterators = await Promise.all(
    Shards.map(({ ShardId }) =>
      server.streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'LATEST' })),
    ),
  );
  const waiting = iterators.map(async ({ ShardIterator }) => {
    const { Records = [] } = await server.streams.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ dynamodb }) => dynamodb?.Keys?.id?.S);
  });
  const first = Promise.race(waiting);
  await put('awaited', 'a');
  expect(await first).toEqual(['a']);
  // Wakes the readers of the other shards.
  for (let number = 0; number < 64; number += 1) await put('awaited', `rest-${number}`);
  await Promise.all(waiting);
});

it('can be read to its end after its table was deleted', async () => {
  await createItems(server, 'gone', withStream);
  await put('gone', 'a');
  await server.dynamodb.send(new DeleteTableCommand({ TableName: 'gone' }));
  expect((await readStream(server, 'gone')).map(({ eventName }) => eventName)).toEqual(['INSERT']);
});
