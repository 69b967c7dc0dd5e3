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
  await trimStreams(state);
  expect((await idsAt(await openShard({ ShardIteratorType: 'TRIM_HORIZON' }))).map(({ id }) => id)).toEqual(['young']);
  await expect(getRecords(state, early)).rejects.toThrow('past the oldest stream record');
  await expect(openShard({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: old?.at })).rejects.toThrow(
    'past the oldest stream record',
  );
});

it('keeps old records for an hour after the store was opened', async () => {
  await put('old');
  time += 2 * retentionMs;
  const trim = createTrimming(state);
  const count = async () => (await idsAt(await openShard({ ShardIteratorType: 'TRIM_HORIZON' }))).length;
  time += 59 * 60_000;
  await trim();
  expect(await count()).toBe(1);
  time += 60_000;
  await trim();
  expect(await count()).toBe(0);
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
  await trimStreams(state);
  expect(await listStreams(state, {})).toMatchObject({ Streams: [{ TableName: 'items' }] });
  time += 2;
  await trimStreams(state);
  expect(await listStreams(state, {})).toEqual({ Streams: [] });
});
