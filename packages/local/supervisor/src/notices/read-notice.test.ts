import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { readNotice } from './read-notice.ts';

const streamArn = 'arn:aws:dynamodb:eu-central-1:1:table/posthorn-prod-messages/stream/2026-01-01T00:00:00.000';
const batch = JSON.stringify({
  requestContext: { condition: 'RecordAgeExceeded' },
  DDBStreamBatchInfo: {
    shardId: 'shard-1',
    startSequenceNumber: '9',
    endSequenceNumber: '101',
    batchSize: 3,
    streamArn,
  },
});

/** A stream with these sequence numbers, two in each page. */
function aStream(numbers: readonly string[]): DynamoDBStreamsClient {
  const pages = numbers.flatMap((_, n) => (n % 2 === 0 ? [numbers.slice(n, n + 2)] : []));
  const send = async ({ input }: { readonly input: { readonly ShardIterator?: string } }) => {
    if (input.ShardIterator === undefined) return { ShardIterator: '0' };
    const page = Number(input.ShardIterator);
    const Records = (pages[page] ?? []).map((SequenceNumber) => ({
      dynamodb: { SequenceNumber, Keys: { partition: { S: 'app_1#0' }, row: { S: `msg_${SequenceNumber}` } } },
    }));
    return { Records, ...(page + 1 < pages.length && { NextShardIterator: String(page + 1) }) };
  };
  // The function calls only `send`.
  return { send } as unknown as DynamoDBStreamsClient;
}

const record = (n: number) => ({ table: 'posthorn-prod-messages', key: { partition: 'app_1#0', row: `msg_${n}` } });

describe('a notice of stream records', () => {
  it('of a trigger names the row', async () => {
    const body = JSON.stringify({ ...record(1), sequenceNumber: '5', reason: 'x' });
    expect(await readNotice({ streams: aStream([]) }, body)).toEqual({ kind: 'records', records: [record(1)] });
  });

  it.each([
    ['to its end', ['9', '10', '101', '102'], [9, 10, 101]],
    ['up to a number that is not in the shard', ['9', '10', '100', '110'], [9, 10, 100]],
    ['as far as the shard goes', ['9'], [9]],
  ])('of Lambda is read from the stream, %s', async (_, numbers, expected) =>
    expect(await readNotice({ streams: aStream(numbers) }, batch)).toEqual({
      kind: 'records',
      records: expected.map(record),
    }),
  );

  it('says that the stream has forgotten its records', async () => {
    const send = () => Promise.reject(Object.assign(new Error('trimmed'), { name: 'TrimmedDataAccessException' }));
    const streams = { send } as unknown as DynamoDBStreamsClient;
    expect(await readNotice({ streams }, batch)).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('no longer'),
    });
  });

  it.each(['hello', '{}', '{"DDBStreamBatchInfo":{}}'])('is not %s', async (body) =>
    expect(await readNotice({ streams: aStream([]) }, body)).toMatchObject({ kind: 'unknown' }),
  );
});
