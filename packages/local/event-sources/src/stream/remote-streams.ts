import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { ListedShard } from './shard-lineage.ts';
import { toChange } from './stream-record.ts';
import { maxPageSize, type ReadFrom, type StreamClient, type StreamSource } from './stream-source.ts';

/**
 * Creates the source of streams that are reached over DynamoDB's protocol.
 *
 * @param signal - ends reads that wait for the next change
 */
export const createRemoteStreams = (
  clients: { readonly dynamodb: DynamoDBClient; readonly streams: DynamoDBStreamsClient },
  signal?: AbortSignal,
): StreamSource => ({
  async find(tableName) {
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: tableName }));
    const { LatestStreamArn: arn, StreamSpecification } = Table ?? {};
    // A stream that was disabled keeps its ARN.
    return arn === undefined ? undefined : { arn, viewType: StreamSpecification?.StreamViewType };
  },
  open: (arn) => createStreamClient(clients.streams, arn, signal),
});

function createStreamClient(client: DynamoDBStreamsClient, arn: string, signal?: AbortSignal): StreamClient {
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
        signal ? { abortSignal: signal } : {},
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
