import type { EventFilter } from '../event-filter.ts';
import { backoffMs, describeError, pause } from '../pause.ts';
import type { ShardPosition } from './checkpoint-store.ts';
import { laneOf } from './lanes.ts';
import { nextPauseMs, type PollingPace } from './next-pause.ts';
import { createLane, type Lane, type LaneDeps } from './run-lane.ts';
import { createShardProgress } from './shard-progress.ts';
import type { StreamLag } from './stream-lag.ts';
import type { Change } from './stream-record.ts';
import { maxPageSize, type Page, type ReadFrom, type StreamClient } from './stream-source.ts';

/** How long the checkpoint may stay behind changes that the filter leaves out. */
const leftOutKeptMs = 1_000;
const readBackoff = { firstMs: 200, longestMs: 5_000 };

export interface ShardDeps extends Omit<LaneDeps, 'settle' | 'streamArn'> {
  readonly stream: StreamClient;
  readonly accepts: EventFilter;
  readonly pace: PollingPace;
  readonly keep: (position: ShardPosition) => Promise<void>;
  readonly lag: StreamLag;
}

/** How reading a shard ended: at its end, because of the signal, or because the stream no longer exists. */
export type ShardEnd = 'done' | 'stopped' | 'stream-gone';

/** Reads a shard to its end, and waits until the lanes have settled all its changes. */
export async function runShard(from: ReadFrom, deps: ShardDeps): Promise<ShardEnd> {
  const progress = createShardProgress();
  let unreadableSince: Date | undefined;
  const unwatch = deps.lag.watch(() => progress.oldestOpenAt() ?? unreadableSince);
  const onRead = (succeeded: boolean) => {
    unreadableSince = succeeded ? undefined : (unreadableSince ?? new Date());
  };
  // If a checkpoint is not saved, the changes after the previous one are replayed after the next start.
  const keep = (position: ShardPosition) =>
    deps
      .keep(position)
      .catch((error: unknown) => deps.log(`${deps.mapping.functionKey}: checkpoint: ${describeError(error)}`));
  let kept = progress.checkpoint();
  let later: NodeJS.Timeout | undefined;
  const keepReached = async () => {
    clearTimeout(later);
    later = undefined;
    const sequenceNumber = progress.checkpoint();
    if (sequenceNumber === undefined || sequenceNumber === kept) return;
    kept = sequenceNumber;
    await keep({ kind: 'after', sequenceNumber });
  };
  const finish = async (changes: readonly Change[]) => {
    progress.finish(changes.map(({ sequenceNumber }) => sequenceNumber));
    await keepReached();
  };
  // Nothing is lost if these are read again: so a mapping that wants few records costs few writes.
  const leaveOut = (changes: readonly Change[]) => {
    progress.finish(changes.map(({ sequenceNumber }) => sequenceNumber));
    later ??= setTimeout(keepReached, leftOutKeptMs);
  };
  const laneDeps = { ...deps, streamArn: deps.stream.arn, settle: finish };
  const lanes = Array.from({ length: deps.mapping.parallelizationFactor }, () => createLane(laneDeps));
  const mayRead = () => progress.open() < Math.max(maxPageSize, deps.mapping.batchSize * lanes.length);
  const dispatch = (changes: readonly Change[]) => {
    for (const { sequenceNumber, arrivedAt } of changes) progress.begin(sequenceNumber, arrivedAt);
    const wanted = changes.filter(({ record }) => deps.accepts(record));
    for (const change of wanted) lanes[laneOf(change.key, lanes.length)]?.add(change);
    if (wanted.length === changes.length) return;
    const accepted = new Set(wanted);
    leaveOut(changes.filter((change) => !accepted.has(change)));
  };
  const end = await readShard(from, { ...deps, keep, dispatch, mayRead, onRead });
  await settleLanes(lanes);
  await keepReached();
  unwatch();
  if (end !== 'done' || deps.signal.aborted) return end === 'done' ? 'stopped' : end;
  await keep({ kind: 'done' });
  return 'done';
}

const settleLanes = (lanes: readonly Lane[]): Promise<unknown> => Promise.all(lanes.map((lane) => lane.idle()));

interface Reader extends ShardDeps {
  readonly dispatch: (changes: readonly Change[]) => void;
  readonly mayRead: () => boolean;
  /** Is called after each read. */
  readonly onRead: (succeeded: boolean) => void;
}

async function readShard(start: ReadFrom, deps: Reader): Promise<ShardEnd> {
  const { stream, shardId, pace, signal } = deps;
  let from = start;
  let iterator: string | undefined;
  let pauseMs = pace.activeMs;
  let failures = 0;
  while (!signal.aborted) {
    try {
      iterator ??= await stream.openShard(shardId, from);
      const askedAt = performance.now();
      const page: Page = iterator === undefined ? { changes: [] } : await stream.read(iterator);
      const waitedMs = performance.now() - askedAt;
      failures = 0;
      deps.onRead(true);
      if (from === 'LATEST' && page.changes[0]) {
        await deps.keep({ kind: 'at', sequenceNumber: page.changes[0].sequenceNumber });
      }
      from = positionAfter(page) ?? from;
      deps.dispatch(page.changes);
      if (page.next === undefined) return 'done';
      iterator = page.next;
      pauseMs = nextPauseMs(pauseMs, page.changes.length > 0, pace);
      // GetRecords of the embedded store can wait at the end of a shard. That time counts as part of the pause.
      if (page.changes.length < maxPageSize) await pause(Math.max(0, pauseMs - waitedMs), signal);
      while (!deps.mayRead() && !signal.aborted) await pause(pace.activeMs, signal);
    } catch (error) {
      // The read that waited for the next change was ended.
      if (signal.aborted) return 'stopped';
      iterator = undefined;
      if (isStreamGone(error)) return 'stream-gone';
      if (isNamed(error, 'TrimmedDataAccessException')) from = 'TRIM_HORIZON';
      else if (!isNamed(error, 'ExpiredIteratorException')) {
        deps.onRead(false);
        if (failures === 0)
          deps.log(`${deps.mapping.functionKey}: shard ${shardId}: ${describeError(error)}; trying again`);
        await pause(backoffMs(failures, readBackoff), signal);
        failures += 1;
      }
    }
  }
  return 'stopped';
}

function positionAfter({ changes }: Page): ReadFrom | undefined {
  const last = changes.at(-1);
  return last && { kind: 'after', sequenceNumber: last.sequenceNumber };
}

/** DynamoDB Local also throws this for an iterator that is older than its restart. */
export const isStreamGone = (error: unknown): boolean => isNamed(error, 'ResourceNotFoundException');

/** By name, because each source of streams has errors of its own. */
const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
