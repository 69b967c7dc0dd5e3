import { isDeepStrictEqual } from 'node:util';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { Item } from '../values.ts';
import { tableName } from './ledger.ts';

/** Reads a stream and counts its records and errors. */
export interface ChangeLog {
  /** Reads all new records since the last call. */
  follow(streams: DynamoDBStreamsClient): Promise<void>;
  /** The items of the table by account, computed from the records. */
  readonly items: ReadonlyMap<string, Item>;
  readonly records: () => number;
  /** Number of records with an old image that differs from the records before: a record is missing. */
  readonly gaps: () => number;
  /** Number of records that came twice or out of order. */
  readonly repeats: () => number;
}

export function createChangeLog(): ChangeLog {
  const items = new Map<string, Item>();
  const positions = new Map<string, string>();
  let [records, gaps, repeats] = [0, 0, 0];

  const take = (shardId: string, record: { SequenceNumber: string; Keys: Item; OldImage?: Item; NewImage?: Item }) => {
    records += 1;
    const last = positions.get(shardId);
    if (last !== undefined && record.SequenceNumber <= last) {
      repeats += 1;
      return;
    }
    positions.set(shardId, record.SequenceNumber);
    const account = record.Keys.account?.S ?? '';
    if (!isDeepStrictEqual(record.OldImage, items.get(account))) gaps += 1;
    if (record.NewImage) items.set(account, record.NewImage);
    else items.delete(account);
  };

  return {
    items,
    records: () => records,
    gaps: () => gaps,
    repeats: () => repeats,
    async follow(streams) {
      const { Streams = [] } = await streams.send(new ListStreamsCommand({ TableName: tableName }));
      const StreamArn = Streams[0]?.StreamArn;
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
      for (const { ShardId = '' } of StreamDescription?.Shards ?? []) {
        const last = positions.get(ShardId);
        const place = last
          ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: last } as const)
          : ({ ShardIteratorType: 'TRIM_HORIZON' } as const);
        let { ShardIterator } = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...place }));
        for (;;) {
          const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
          // A record of this table always has its keys and number.
          for (const record of Records) take(ShardId, record.dynamodb as never);
          if (Records.length === 0) break;
          ShardIterator = NextShardIterator;
        }
      }
    },
  };
}
