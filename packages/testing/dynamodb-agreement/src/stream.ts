import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { type Plain, toPlain } from './normalise.ts';

/** Follows all shards of a table's stream from its beginning. */
export interface StreamReader {
  /** Reads the records since the last call. */
  readNew(): Promise<readonly StreamRecord[]>;
}

export async function openStream(streams: DynamoDBStreamsClient, table: string): Promise<StreamReader> {
  const { Streams = [] } = await streams.send(new ListStreamsCommand({ TableName: table }));
  const arn = Streams[0]?.StreamArn;
  if (arn === undefined) throw new Error(`${table} has no stream`);
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  const iterators = new Map<string, string | undefined>();
  return {
    async readNew() {
      const records: StreamRecord[] = [];
      // A run is shorter than the life of a shard.
      for (const { ShardId = '' } of StreamDescription?.Shards ?? []) {
        const iterator = iterators.has(ShardId) ? iterators.get(ShardId) : await firstIterator(streams, arn, ShardId);
        // In DynamoDB Local, an iterator of an empty shard still points before its first record.
        const read = await readToEnd(streams, iterator).catch(async (error) => {
          if (!(error instanceof TrimmedDataAccessException)) throw error;
          return readToEnd(streams, await firstIterator(streams, arn, ShardId));
        });
        iterators.set(ShardId, read.next);
        records.push(...read.records);
      }
      return records;
    },
  };
}

async function firstIterator(streams: DynamoDBStreamsClient, arn: string, shard: string): Promise<string | undefined> {
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn: arn, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return ShardIterator;
}

const mostInAPage = 1_000;

async function readToEnd(streams: DynamoDBStreamsClient, first: string | undefined) {
  const records: StreamRecord[] = [];
  let next = first;
  while (next !== undefined) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: next }));
    records.push(...Records);
    next = NextShardIterator;
    if (Records.length < mostInAPage) break;
  }
  return { records, next };
}

/**
 * The records by key, in order, without the sequence numbers, ids and dates that each store chooses itself. Every table
 * has other key names, so keys of different tables are never equal.
 */
export function byKey(records: readonly StreamRecord[], change = (plain: Plain): Plain => plain): Plain {
  const keys = new Map<string, Plain[]>();
  for (const record of records) {
    const key = JSON.stringify(change(toPlain(record.dynamodb?.Keys)));
    keys.set(key, [...(keys.get(key) ?? []), change(recordOf(record))]);
  }
  return Object.fromEntries([...keys].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function recordOf({ eventName, eventVersion, eventSource, userIdentity, dynamodb = {} }: StreamRecord): Plain {
  const { NewImage, OldImage, SizeBytes, StreamViewType } = dynamodb;
  return toPlain({ eventName, eventVersion, eventSource, userIdentity, NewImage, OldImage, SizeBytes, StreamViewType });
}
