import { checkRequest } from '../dynalite/requests.ts';
import { describeStream, getRecords, getShardIterator, listStreams } from '../operations/streams.ts';
import { createTable, deleteTable } from '../operations/tables.ts';
import { putItem } from '../operations/write-items.ts';
import { openState, type State } from '../state/state.ts';
import { retentionMs } from '../streams/stream.ts';
import { createTrimming, trimStreams } from './trim-streams.ts';

let time = Date.UTC(2026, 0, 1);
let state: State;
beforeEach(async () => {
  state = { ...(await openState({})), now: () => time };
  await createTable(
    state,
    checkRequest('CreateTable', {
      TableName: 'items',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    }),
  );
});
afterEach(() => state.storage.close());

const put = (id: string) => putItem(state, checkRequest('PutItem', { TableName: 'items', Item: { id: { S: id } } }));

async function openShard(place: object) {
  const [stream] = state.catalogue.streams();
  const StreamArn = stream?.arn;
  const { StreamDescription } = await describeStream(state, { StreamArn });
  const [shard] = (StreamDescription as { Shards: readonly { ShardId: string }[] }).Shards;
  return getShardIterator(state, { StreamArn, ShardId: shard?.ShardId, ...place });
}

const idsAt = async ({ ShardIterator }: { ShardIterator?: unknown }) => {
  const { Records } = await getRecords(state, { ShardIterator });
  return (Records as readonly { dynamodb: { Keys: { id: { S: string } }; SequenceNumber: string } }[]).map(
    ({ dynamodb }) => ({ id: dynamodb.Keys.id.S, at: dynamodb.SequenceNumber }),
  );
};

it('removes records a day after their change, and reports it to readers that ask for them', async () => {
  await put('old');
  const [old] = await idsAt(await openShard({ ShardIteratorType: 'TRIM_HORIZON' }));
  time += retentionMs - 60_000;
  await put('young');
  const early = await openShard({ ShardIteratorType: 'TRIM_HORIZON' });
  time += 120_000;
  await trimStreams(state, time - retentionMs);
  expect((await idsAt(await openShard({ ShardIteratorType: 'TRIM_HORIZON' }))).map(({ id }) => id)).toEqual(['young']);
  await expect(getRecords(state, early)).rejects.toThrow('past the oldest stream record');
  await expect(openShard({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: old?.at })).rejects.toThrow(
    'past the oldest stream record',
  );
});

const count = async () => (await idsAt(await openShard({ ShardIteratorType: 'TRIM_HORIZON' }))).length;

/** Opens the store for some time, in which its clock ticks. A killed process does not note its end. */
async function live({ ms, tickMs, isKilled }: { ms: number; tickMs: number; isKilled: boolean }): Promise<void> {
  const trimming = createTrimming(state);
  await trimming.tick();
  for (let passed = tickMs; passed <= ms; passed += tickMs) {
    time += tickMs;
    await trimming.tick();
  }
  if (!isKilled) await trimming.stop();
}
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

it('keeps records that became too old while the store was closed until it was open for an hour', async () => {
  await live({ ms: minuteMs, tickMs: 10_000, isKilled: false });
  await put('old');
  time += 2 * retentionMs;
  await live({ ms: 59 * minuteMs, tickMs: minuteMs, isKilled: false });
  expect(await count()).toBe(1);
  await live({ ms: 3 * minuteMs, tickMs: minuteMs, isKilled: false });
  expect(await count()).toBe(0);
});

it('counts the hour over restarts, also over kills', async () => {
  await put('old');
  time += 2 * retentionMs;
  for (let lives = 0; lives < 118; lives += 1) await live({ ms: 30_000, tickMs: 10_000, isKilled: lives % 2 === 0 });
  expect(await count()).toBe(1);
  for (let lives = 0; lives < 8; lives += 1) await live({ ms: 30_000, tickMs: 10_000, isKilled: lives % 2 === 0 });
  expect(await count()).toBe(0);
});

it('trims a store that never runs for an hour', async () => {
  await put('old');
  const end = time + retentionMs + 2 * hourMs;
  for (let lives = 0; time < end; lives += 1) {
    await live({ ms: 10 * minuteMs, tickMs: minuteMs, isKilled: lives % 2 === 0 });
    time += 5_000;
  }
  await put('young');
  expect((await idsAt(await openShard({ ShardIteratorType: 'TRIM_HORIZON' }))).map(({ id }) => id)).toEqual(['young']);
});

it('trims at once what became too old while the store was open', async () => {
  await live({ ms: 2 * hourMs, tickMs: minuteMs, isKilled: false });
  const trimming = createTrimming(state);
  await put('old');
  for (const end = time + retentionMs + minuteMs; time < end; time += minuteMs) await trimming.tick();
  await trimming.tick();
  expect(await count()).toBe(0);
});

it('holds records while the machine was suspended', async () => {
  await live({ ms: 2 * hourMs, tickMs: minuteMs, isKilled: false });
  const trimming = createTrimming(state);
  await put('old');
  await trimming.tick();
  time += retentionMs + hourMs;
  await trimming.tick();
  expect(await count()).toBe(1);
});

it('rejects an iterator that is older than fifteen minutes', async () => {
  const iterator = await openShard({ ShardIteratorType: 'LATEST' });
  time += 15 * 60_000 + 1;
  await expect(getRecords(state, iterator)).rejects.toThrow('Iterator expired');
});

it('removes a stream a day after its table was deleted', async () => {
  await put('a');
  await deleteTable(state, { TableName: 'items' });
  time += retentionMs - 1;
  await trimStreams(state, time - retentionMs);
  expect(await listStreams(state, {})).toMatchObject({ Streams: [{ TableName: 'items' }] });
  time += 2;
  await trimStreams(state, time - retentionMs);
  expect(await listStreams(state, {})).toEqual({ Streams: [] });
});
