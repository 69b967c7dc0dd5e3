import { isPassingError } from './passing-error.ts';

/** An entry of a batch that was not done, and why. */
export interface Failure<Entry> {
  readonly entry: Entry;
  readonly error: unknown;
}

/** Does a batch, and returns the entries that failed. It may also throw: then nothing is known about any entry. */
export type RunBatch<Entry> = (entries: readonly Entry[]) => Promise<readonly Failure<Entry>[]>;

/**
 * Runs a batch as a whole. If that throws a permanent error, it runs the two halves one after the other, and so on, until
 * the entry that causes the error is alone: only that one fails. After a passing error nothing more is run: this entry
 * and all later ones fail with it.
 *
 * An entry can be run more than once, so running one again must be harmless.
 */
export async function runTogetherOrApart<Entry>(
  entries: readonly Entry[],
  run: RunBatch<Entry>,
): Promise<readonly Failure<Entry>[]> {
  if (entries.length === 0) return [];
  try {
    return await run(entries);
  } catch (error) {
    if (entries.length === 1 || isPassingError(error)) return entries.map((entry) => ({ entry, error }));
  }
  const middle = Math.ceil(entries.length / 2);
  const failed = await runTogetherOrApart(entries.slice(0, middle), run);
  const passing = failed.find(({ error }) => isPassingError(error));
  const later = entries.slice(middle);
  if (passing) return [...failed, ...later.map((entry) => ({ entry, error: passing.error }))];
  return [...failed, ...(await runTogetherOrApart(later, run))];
}
