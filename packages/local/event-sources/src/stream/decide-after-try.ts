import type { BatchOutcome } from '../batch-response.ts';
import type { StreamMapping } from '../mapping.ts';
import type { Change } from './stream-record.ts';

/** Changes that are tried together, in order. */
export interface Batch {
  readonly changes: readonly Change[];
  /** How often this batch was tried again after a failure. A split does not count as a retry. */
  readonly retries: number;
}

export type RetryPolicy = Pick<
  StreamMapping,
  'maximumRetryAttempts' | 'bisectBatchOnFunctionError' | 'maximumRecordAgeInSeconds'
>;

/**
 * What happens after a try: which changes are done, which are given up, and which batches are tried again, in order.
 */
export interface NextTries {
  readonly done: readonly Change[];
  readonly givenUp: readonly Change[];
  readonly again: readonly Batch[];
}

/**
 * Applies Lambda's rules for streams. The changes before the first failed one are done. The batch continues at the
 * failed one. If that is the first of the batch, the batch is halved if bisecting is enabled. Otherwise it is tried
 * again until its retries are used up, or for ever if they have no limit.
 */
export function decideAfterTry({ changes, retries }: Batch, outcome: BatchOutcome, policy: RetryPolicy): NextTries {
  if (outcome.kind === 'succeeded') return { done: changes, givenUp: [], again: [] };
  const firstFailed =
    outcome.kind === 'failed' ? 0 : changes.findIndex(({ sequenceNumber }) => outcome.ids.has(sequenceNumber));
  const done = changes.slice(0, firstFailed);
  const left = changes.slice(firstFailed);
  const maySplit = policy.bisectBatchOnFunctionError && changes.length > 1;
  if (maySplit && firstFailed === 0) return { done, givenUp: [], again: halve(left, retries) };
  if (maySplit) return { done, givenUp: [], again: [{ changes: left, retries: 0 }] };
  // If some changes are done, the rest is a new batch, so its retries start again at 0.
  const used = firstFailed > 0 ? 0 : retries;
  if (isUsedUp(used, policy)) return { done, givenUp: left, again: [] };
  return { done, givenUp: [], again: [{ changes: left, retries: used + 1 }] };
}

function halve(changes: readonly Change[], retries: number): readonly Batch[] {
  const middle = Math.ceil(changes.length / 2);
  return [changes.slice(0, middle), changes.slice(middle)].map((half) => ({ changes: half, retries }));
}

const isUsedUp = (retries: number, { maximumRetryAttempts }: RetryPolicy): boolean =>
  maximumRetryAttempts >= 0 && retries >= maximumRetryAttempts;

/** The times that decide which records are too old. */
export interface AgeClock {
  readonly now: Date;
  /** When the mapping began to run. Older records age from then on: before that, nothing could try them. */
  readonly since: Date;
}

/** Splits a batch into records that are too old to be tried and the rest. */
export function splitByAge(
  changes: readonly Change[],
  { now, since }: AgeClock,
  { maximumRecordAgeInSeconds }: RetryPolicy,
): { readonly tooOld: readonly Change[]; readonly fresh: readonly Change[] } {
  const oldest = now.getTime() - maximumRecordAgeInSeconds * 1000;
  if (maximumRecordAgeInSeconds < 0 || since.getTime() >= oldest) return { tooOld: [], fresh: changes };
  const isTooOld = ({ arrivedAt }: Change) => arrivedAt.getTime() < oldest;
  return { tooOld: changes.filter(isTooOld), fresh: changes.filter((change) => !isTooOld(change)) };
}
