import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { ShardPosition } from './checkpoint-store.ts';
import type { ListedShard } from './shard-lineage.ts';
import { type Change, toChange } from './stream-record.ts';

/** Where to start reading a shard. */
export type ReadFrom = 'TRIM_HORIZON' | 'LATEST' | Exclude<ShardPosition, { kind: 'done' }>;

export interface Page {
  readonly changes: readonly Change[];
  /** Absent at the end of a closed shard. */
  readonly next?: string;
}

/** One stream, as a mapping reads it. */
export interface StreamClient {
  readonly arn: string;
  listShards(): Promise<readonly ListedShard[]>;
  openShard(shardId: string, from: ReadFrom): Promise<string | undefined>;
  read(iterator: string): Promise<Page>;
}

/** @throws if the table does not exist or has no stream */
export async function findStreamArn(dynamodb: DynamoDBClient, tableName: string): Promise<string> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tableName }));
  if (Table?.LatestStreamArn === undefined) throw new Error(`table ${tableName} has no stream`);
  return Table.LatestStreamArn;
}

/** The most records in one response of GetRecords. */
export const maxPageSize = 1_000;

export function createStreamClient(client: DynamoDBStreamsClient, arn: string): StreamClient {
  return {
    arn,
    async listShards() {
      const shards: ListedShard[] = [];
      let last: string | undefined;
      do {
        const { StreamDescription } = await client.send(
          new DescribeStreamCommand({ StreamArn: arn, ...(last === undefined ? {} : { ExclusiveStartShardId: last }) }),
        );
        shards.push(...(StreamDescription?.Shards ?? []).map(toListedShard));
        last = StreamDescription?.LastEvaluatedShardId;
      } while (last !== undefined);
      return shards;
    },
    async openShard(shardId, from) {
      const input = { StreamArn: arn, ShardId: shardId, ...toIteratorInput(from) };
      const { ShardIterator } = await client.send(new GetShardIteratorCommand(input));
      return ShardIterator;
    },
    async read(iterator) {
      const { Records = [], NextShardIterator: next } = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: maxPageSize }),
      );
      const region = await client.config.region();
      const changes = Records.map((record) => toChange(record, { arn, region }));
      return next === undefined ? { changes } : { changes, next };
    },
  };
}

const toListedShard = ({ ShardId = '', ParentShardId, SequenceNumberRange }: Shard): ListedShard => ({
  shardId: ShardId,
  closed: SequenceNumberRange?.EndingSequenceNumber !== undefined,
  ...(ParentShardId === undefined ? {} : { parentShardId: ParentShardId }),
});

function toIteratorInput(from: ReadFrom): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'SequenceNumber'> {
  if (typeof from === 'string') return { ShardIteratorType: from };
  const ShardIteratorType = from.kind === 'at' ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER';
  return { ShardIteratorType, SequenceNumber: from.sequenceNumber };
}
