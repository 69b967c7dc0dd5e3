import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { JsonObject } from '@posthorn/local-event-sources';
import { createEventFilter, readBatchResponse, toChange } from '@posthorn/local-event-sources';
import type { DeployedMapping } from '../stacks/read-installation.ts';

export interface PollStreamDeps {
  readonly mapping: DeployedMapping;
  /** Has the identity of the function: Lambda reads with the role of the function. */
  readonly streams: DynamoDBStreamsClient;
  readonly region: string;
  invoke(event: object): Promise<unknown>;
}

/**
 * Creates a poll of a stream that continues where the last one ended. The emulator's streams have one shard.
 *
 * A batch that fails, or fails from one record on, is read again from there by the next poll.
 *
 * @returns how many records the function handled
 */
export function createStreamPoll({ mapping, streams, region, invoke }: PollStreamDeps): () => Promise<number> {
  // The deployed filter patterns are JSON.
  const passes = createEventFilter(mapping.filterPatterns.map((pattern) => JSON.parse(pattern) as JsonObject));
  let after: string | undefined;
  return async () => {
    const { Records = [] } = await streams.send(
      new GetRecordsCommand({
        ShardIterator: await openShard(streams, mapping.sourceArn, after),
        Limit: mapping.batchSize,
      }),
    );
    const changes = Records.map((record) => toChange(record, { arn: mapping.sourceArn, region }));
    const batch = changes.filter(({ record }) => passes(record));
    if (batch.length > 0) {
      const result = await invoke({ Records: batch.map(({ record }) => record) });
      const ids = new Set(batch.map(({ sequenceNumber }) => sequenceNumber));
      const outcome = readBatchResponse({ result, ids, reportFailures: mapping.reportFailures });
      if (outcome.kind === 'failed') throw new Error(`${mapping.functionName}: ${outcome.reason}`);
      if (outcome.kind === 'partly-failed') {
        const done = batch.findIndex(({ sequenceNumber }) => outcome.ids.has(sequenceNumber));
        after = batch[done - 1]?.sequenceNumber ?? after;
        return done;
      }
    }
    after = changes.at(-1)?.sequenceNumber ?? after;
    return batch.length;
  };
}

async function openShard(streams: DynamoDBStreamsClient, arn: string, after: string | undefined): Promise<string> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  const { ShardIterator = '' } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: arn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ...(after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' as const }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: after }),
    }),
  );
  return ShardIterator;
}
