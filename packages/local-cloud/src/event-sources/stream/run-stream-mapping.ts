import { setMaxListeners } from 'node:events';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createEventFilter } from '../event-filter.ts';
import type { Faults } from '../faults/fault-plan.ts';
import type { Invoke, Log, RunningMapping, StreamMapping } from '../mapping.ts';
import { backoffMs, describeError, pause, waitAtMost } from '../pause.ts';
import { sendToQueue } from '../queue/queue-client.ts';
import type { Checkpoint, CheckpointStore, ShardPosition } from './checkpoint-store.ts';
import type { PollingPace } from './next-pause.ts';
import { isStreamGone, runShard } from './run-shard.ts';
import { type ListedShard, shardsToStart } from './shard-lineage.ts';
import { createStreamClient, findStreamArn, type ReadFrom, type StreamClient } from './stream-client.ts';

const listShardsEveryMs = 5_000;
const resolveBackoff = { firstMs: 100, longestMs: 2_000 };

export interface StreamMappingDeps {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly sqs: SQSClient;
  readonly checkpoints: CheckpointStore;
  readonly pace: PollingPace;
  readonly invoke: Invoke;
  readonly faults: Faults;
  readonly log: Log;
}

/**
 * Runs a function's `stream` event as Lambda's event source mapping does, until it is stopped. It waits for its table, and
 * begins anew when the table has another stream than before.
 */
export function runStreamMapping(mapping: StreamMapping, deps: StreamMappingDeps): RunningMapping {
  const stopping = new AbortController();
  // Every shard and every lane listens.
  setMaxListeners(0, stopping.signal);
  const run = followStreams(mapping, deps, stopping.signal);
  return {
    async stop(graceMs) {
      stopping.abort();
      await waitAtMost(graceMs, run);
    },
  };
}

async function followStreams(mapping: StreamMapping, deps: StreamMappingDeps, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const arn = await findStreamArn(deps.dynamodb, mapping.tableName);
      failures = 0;
      await followStream(mapping, { ...deps, stream: createStreamClient(deps.streams, arn) }, signal);
      await pause(resolveBackoff.firstMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (failures === 0) {
        deps.log(`${mapping.functionKey}: stream of ${mapping.tableName}: ${describeError(error)}; trying again`);
      }
      await pause(backoffMs(failures, resolveBackoff), signal);
    }
  }
}

type FollowDeps = StreamMappingDeps & { readonly stream: StreamClient };

/** Runs every shard as soon as it may begin. Resolves at the signal, or when the stream is gone. */
async function followStream(mapping: StreamMapping, deps: FollowDeps, outerSignal: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([outerSignal, gone.signal]);
  setMaxListeners(0, signal);
  const place = await createPlace(mapping, deps);
  const running = new Map<string, Promise<void>>();
  const accepts = createEventFilter(mapping.filterPatterns);
  let wake = new AbortController();
  const start = ({ shardId }: ListedShard): void => {
    const keep = (position: ShardPosition) => place.keep(shardId, position);
    const notify = (text: string) => notifyFailureQueue(mapping, deps.sqs, text);
    const work = runShard(place.startOf(shardId), { ...deps, mapping, shardId, signal, accepts, keep, notify })
      .then((end) => {
        if (end === 'stream-gone') gone.abort();
      })
      .catch((error: unknown) => deps.log(`${mapping.functionKey}: shard ${shardId}: ${describeError(error)}`))
      .then(() => {
        running.delete(shardId);
        wake.abort();
      });
    running.set(shardId, work);
  };
  while (!signal.aborted) {
    wake = new AbortController();
    try {
      const listed = await deps.stream.listShards();
      await place.forget(listed);
      for (const shard of shardsToStart(listed, place.done(), new Set(running.keys()))) start(shard);
    } catch (error) {
      if (isStreamGone(error)) gone.abort();
      else deps.log(`${mapping.functionKey}: shards of ${mapping.tableName}: ${describeError(error)}; trying again`);
    }
    await pause(listShardsEveryMs, AbortSignal.any([signal, wake.signal]));
  }
  await Promise.all(running.values());
}

const notifyFailureQueue = async ({ onFailureQueue }: StreamMapping, sqs: SQSClient, text: string): Promise<void> => {
  if (onFailureQueue !== undefined) await sendToQueue(sqs, onFailureQueue, text);
};

/** The mapping's place in the stream: kept after every step, and where each shard begins. */
async function createPlace({ startingPosition }: StreamMapping, { stream, checkpoints }: FollowDeps) {
  const kept = await checkpoints.load(stream.arn);
  let shards: Record<string, ShardPosition> = { ...kept?.shards };
  const firstShards = new Set<string>();
  if (kept === undefined && startingPosition === 'LATEST') {
    for (const { shardId, closed } of await stream.listShards()) {
      if (closed) shards[shardId] = { kind: 'done' };
      else firstShards.add(shardId);
    }
  }
  const save = (): Promise<void> => {
    const checkpoint: Checkpoint = { streamArn: stream.arn, shards };
    return checkpoints.save(checkpoint);
  };
  return {
    /** A shard that appears later is read from its beginning, whatever the starting position. */
    startOf(shardId: string): ReadFrom {
      const position = shards[shardId];
      if (position !== undefined && position.kind !== 'done') return position;
      return firstShards.has(shardId) ? 'LATEST' : 'TRIM_HORIZON';
    },
    done: (): ReadonlySet<string> => new Set(Object.keys(shards).filter((shardId) => shards[shardId]?.kind === 'done')),
    keep(shardId: string, position: ShardPosition): Promise<void> {
      shards = { ...shards, [shardId]: position };
      return save();
    },
    /** Lets go of shards that the stream lists no longer. */
    async forget(listed: readonly ListedShard[]): Promise<void> {
      const known = new Set(listed.map(({ shardId }) => shardId));
      const left = Object.entries(shards).filter(([shardId]) => known.has(shardId));
      if (left.length === Object.keys(shards).length) return;
      shards = Object.fromEntries(left);
      await save();
    },
  };
}
