import { setMaxListeners } from 'node:events';
import { createEventFilter } from '../event-filter.ts';
import type { Faults } from '../faults/fault-plan.ts';
import type { Invoke, Log, RunningStreamMapping, StreamMapping } from '../mapping.ts';
import { backoffMs, describeError, pause, waitAtMost } from '../pause.ts';
import type { CheckpointStore, ShardPosition } from './checkpoint-store.ts';
import type { PollingPace } from './next-pause.ts';
import { createPlace, type Place } from './place.ts';
import { isStreamGone, runShard } from './run-shard.ts';
import { type ListedShard, shardsToStart } from './shard-lineage.ts';
import { createStreamLag, type StreamLag } from './stream-lag.ts';
import type { StreamClient, StreamSource } from './stream-source.ts';

const listShardsEveryMs = 2_000;
const resolveBackoff = { firstMs: 100, longestMs: 2_000 };

export interface StreamMappingDeps {
  readonly streams: StreamSource;
  /** Sends a text to the queue with this name. */
  readonly sendToQueue: (queueName: string, text: string) => Promise<void>;
  readonly checkpoints: CheckpointStore;
  readonly pace: PollingPace;
  readonly invoke: Invoke;
  readonly faults: Faults;
  readonly log: Log;
}

/**
 * Runs the `stream` event of a function as Lambda does, until it is stopped. It waits until the table exists. If the
 * table gets a new stream, it starts again with that one.
 */
export function runStreamMapping(mapping: StreamMapping, deps: StreamMappingDeps): RunningStreamMapping {
  const stopping = new AbortController();
  // Every shard and every lane adds a listener, so Node's warning about too many listeners does not apply.
  setMaxListeners(0, stopping.signal);
  const since = new Date();
  const lag = createStreamLag(since);
  const run = followStreams(mapping, { ...deps, since, lag }, stopping.signal);
  return {
    behindSince: lag.since,
    async stop(graceMs) {
      stopping.abort();
      await waitAtMost(graceMs, run);
    },
  };
}

async function followStreams(mapping: StreamMapping, deps: RunDeps, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const arn = await findStream(mapping, deps.streams);
      await followStream(mapping, { ...deps, stream: deps.streams.open(arn) }, signal);
      // The next failure is the first one again.
      failures = -1;
      await pause(resolveBackoff.firstMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (failures === 0) deps.log(`${mapping.functionKey}: ${describeMissing(mapping, error)}`);
      await pause(backoffMs(failures, resolveBackoff), signal);
    }
  }
}

async function findStream({ tableName, viewType }: StreamMapping, streams: StreamSource): Promise<string> {
  const found = await streams.find(tableName);
  if (found === undefined)
    throw new Error(
      `the table has no stream. Enable one${viewType === undefined ? '' : ` with the view type ${viewType}`}`,
    );
  if (viewType !== undefined && found.viewType !== viewType) {
    const has = found.viewType === undefined ? 'is disabled' : `has the view type ${found.viewType}`;
    throw new Error(`it ${has}. Disable it, and enable one with ${viewType}`);
  }
  return found.arn;
}

const describeMissing = ({ tableName }: StreamMapping, error: unknown): string =>
  error instanceof Error && error.name === 'ResourceNotFoundException'
    ? `there is no table ${tableName} yet; waiting for it`
    : `stream of ${tableName}: ${describeError(error)}; trying again`;

type RunDeps = StreamMappingDeps & { readonly since: Date; readonly lag: StreamLag };
type FollowDeps = RunDeps & { readonly stream: StreamClient };

/** Runs every shard as soon as it may start. Resolves when the signal aborts or the stream is no longer the table's. */
async function followStream(mapping: StreamMapping, deps: FollowDeps, outerSignal: AbortSignal): Promise<void> {
  const place = await createPlace(mapping, deps);
  const shards = createShards(mapping, place, deps, outerSignal);
  while (!shards.signal.aborted) {
    const nextEnd = shards.nextEnd();
    try {
      // A table that was created again has another stream. The old stream does not tell.
      if ((await deps.streams.find(mapping.tableName))?.arn !== deps.stream.arn) break;
      const listed = await deps.stream.listShards();
      await place.forget(listed);
      shards.start(shardsToStart(listed, place.done(), shards.running()));
    } catch (error) {
      if (isStreamGone(error)) break;
      deps.log(`${mapping.functionKey}: shards of ${mapping.tableName}: ${describeError(error)}; trying again`);
    }
    await pause(listShardsEveryMs, AbortSignal.any([shards.signal, nextEnd]));
  }
  await shards.stop();
}

/**
 * Manages the running shards. Their signal aborts with the outer one, or when one of them finds that the stream is
 * gone.
 */
function createShards(mapping: StreamMapping, place: Place, deps: FollowDeps, outerSignal: AbortSignal) {
  const gone = new AbortController();
  const signal = AbortSignal.any([outerSignal, gone.signal]);
  setMaxListeners(0, signal);
  const accepts = createEventFilter(mapping.filterPatterns);
  const running = new Map<string, Promise<void>>();
  let ended = new AbortController();
  const run = async (shardId: string): Promise<void> => {
    const keep = (position: ShardPosition) => place.keep(shardId, position);
    const notify = (text: string) => notifyFailureQueue(mapping, deps, text);
    try {
      const end = await runShard(place.startOf(shardId), { ...deps, mapping, shardId, signal, accepts, keep, notify });
      if (end === 'stream-gone') gone.abort();
    } catch (error) {
      deps.log(`${mapping.functionKey}: shard ${shardId}: ${describeError(error)}`);
    }
    running.delete(shardId);
    ended.abort();
  };
  return {
    signal,
    running: (): ReadonlySet<string> => new Set(running.keys()),
    start(shards: readonly ListedShard[]): void {
      for (const { shardId } of shards) running.set(shardId, run(shardId));
    },
    /** Returns a signal that aborts when the next shard ends, because its children may then start. */
    nextEnd(): AbortSignal {
      ended = new AbortController();
      return ended.signal;
    },
    async stop(): Promise<void> {
      gone.abort();
      await Promise.all(running.values());
    },
  };
}

const notifyFailureQueue = async (
  { onFailureQueue }: StreamMapping,
  { sendToQueue }: Pick<StreamMappingDeps, 'sendToQueue'>,
  text: string,
): Promise<void> => {
  if (onFailureQueue !== undefined) await sendToQueue(onFailureQueue, text);
};
