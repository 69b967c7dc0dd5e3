import { randomUUID } from 'node:crypto';
import { type BatchOutcome, readBatchResponse } from '../batch-response.ts';
import type { Faults } from '../faults/fault-plan.ts';
import type { Invoke, Log, StreamMapping } from '../mapping.ts';
import { backoffMs, describeError, pause } from '../pause.ts';
import { countForBatch } from '../take-batch.ts';
import { type Batch, decideAfterTry, splitByAge } from './decide-after-try.ts';
import { type GivenUp, toFailureNotice } from './failure-notice.ts';
import type { Change } from './stream-record.ts';

const retryBackoff = { firstMs: 100, longestMs: 5_000 };

export interface LaneDeps {
  readonly mapping: StreamMapping;
  readonly streamArn: string;
  readonly shardId: string;
  readonly invoke: Invoke;
  readonly faults: Faults;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** When the mapping began to run. */
  readonly since: Date;
  /** Sends text to the mapping's on-failure queue. */
  readonly notify: (text: string) => Promise<void>;
  /** Is called with changes that are done, or given up after the on-failure queue has the notice. */
  readonly settle: (changes: readonly Change[]) => Promise<void>;
}

/** One of the parallel sequences of a shard. It tries its changes in order, and each batch until it is settled. */
export interface Lane {
  add(change: Change): void;
  /** Resolves when all added changes are settled, or when the signal aborts. */
  idle(): Promise<void>;
}

export function createLane(deps: LaneDeps): Lane {
  const { mapping, signal } = deps;
  const waiting: Change[] = [];
  let full = new AbortController();
  let work: Promise<void> | undefined;
  const run = async () => {
    while (waiting.length > 0 && !signal.aborted) {
      full = new AbortController();
      const isFull = () => waiting.length >= mapping.batchSize;
      if (mapping.windowSeconds > 0 && !isFull()) {
        await pause(mapping.windowSeconds * 1000, AbortSignal.any([signal, full.signal]));
      }
      const count = countForBatch(waiting, { batchSize: mapping.batchSize, bytesOf: ({ sizeBytes }) => sizeBytes });
      await settleBatch(waiting.splice(0, deps.faults.cutAt(count)), deps);
    }
    work = undefined;
  };
  return {
    add(change) {
      waiting.push(change);
      if (waiting.length >= mapping.batchSize) full.abort();
      // Starts one turn later, so that a batch contains all changes of one read.
      work ??= Promise.resolve().then(run);
    },
    idle: () => work ?? Promise.resolve(),
  };
}

interface Tries {
  invocations: number;
}

async function settleBatch(changes: readonly Change[], deps: LaneDeps): Promise<void> {
  const { mapping, signal, faults, since } = deps;
  const tries: Tries = { invocations: 0 };
  let batches: readonly Batch[] = [{ changes, retries: 0 }];
  while (!signal.aborted) {
    const [batch, ...later] = batches;
    if (batch === undefined) return;
    if (batch.retries > 0) await pause(backoffMs(batch.retries - 1, retryBackoff), signal);
    const { tooOld, fresh } = splitByAge(batch.changes, { now: new Date(), since }, mapping);
    await giveUp(tooOld, 'RecordAgeExceeded', tries, deps);
    if (fresh.length === 0) {
      batches = later;
      continue;
    }
    const outcome = await tryBatch(fresh, tries, deps);
    // Stopped during the invocation: the failed changes are tried again after the next start.
    if (signal.aborted && outcome.kind === 'failed') return;
    const { done, givenUp, again } = decideAfterTry({ ...batch, changes: fresh }, outcome, mapping);
    if (done.length > 0) {
      faults.afterEffect(mapping.functionKey);
      await deps.settle(done);
    }
    await giveUp(givenUp, 'RetryAttemptsExhausted', tries, deps);
    batches = [...again, ...later];
  }
}

async function tryBatch(changes: readonly Change[], tries: Tries, deps: LaneDeps): Promise<BatchOutcome> {
  const { mapping, invoke, faults, log } = deps;
  tries.invocations += 1;
  const handled = await invokeOnce(changes, mapping, invoke);
  const isLost = handled.kind === 'succeeded' && faults.replays();
  const outcome: BatchOutcome = isLost
    ? { kind: 'failed', reason: 'its success got lost, by a planned fault' }
    : handled;
  if (outcome.kind === 'failed')
    log(`${mapping.functionKey}: batch of ${changes.length} changes failed: ${outcome.reason}`);
  return outcome;
}

async function invokeOnce(changes: readonly Change[], mapping: StreamMapping, invoke: Invoke): Promise<BatchOutcome> {
  try {
    const result = await invoke({ Records: changes.map(({ record }) => record) });
    const ids = new Set(changes.map(({ sequenceNumber }) => sequenceNumber));
    return readBatchResponse({ result, ids, reportFailures: mapping.reportFailures });
  } catch (error) {
    return { kind: 'failed', reason: describeError(error) };
  }
}

/**
 * Sends a notice to the on-failure queue, then settles the changes. They are not settled before the queue has the
 * notice.
 */
async function giveUp(
  changes: readonly Change[],
  condition: GivenUp['condition'],
  { invocations }: Tries,
  deps: LaneDeps,
): Promise<void> {
  const [first, ...others] = changes;
  if (first === undefined) return;
  const { mapping, shardId, streamArn, signal, log } = deps;
  const notice = toFailureNotice({
    changes: [first, ...others],
    condition,
    invokeCount: invocations,
    functionKey: mapping.functionKey,
    shardId,
    streamArn,
    requestId: randomUUID(),
    now: new Date(),
  });
  log(`${mapping.functionKey}: gave up ${changes.length} changes (${condition}) from ${first.sequenceNumber}`);
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await deps.notify(JSON.stringify(notice));
      return await deps.settle(changes);
    } catch (error) {
      log(`${mapping.functionKey}: on-failure queue: ${describeError(error)}; trying again`);
      await pause(backoffMs(failures, retryBackoff), signal);
    }
  }
}
