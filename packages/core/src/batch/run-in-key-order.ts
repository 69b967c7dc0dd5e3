import { isPassingError } from './passing-error.ts';
import type { Failure } from './run-together-or-apart.ts';

/** How the entries of a batch run. */
export interface KeyedRun<Entry> {
  /** Entries that share a key run one after the other, in their order. */
  readonly keysOf: (entry: Entry) => readonly string[];
  readonly run: (entry: Entry) => Promise<void>;
}

/**
 * Runs the entries of a batch, and returns those that failed. Entries without a common key run at the same time. Behind an
 * entry with a passing error, no later entry with one of its keys runs: the caller is to run them again in order. A permanent
 * error holds up no other entry.
 */
export async function runInKeyOrder<Entry>(
  entries: readonly Entry[],
  { keysOf, run }: KeyedRun<Entry>,
): Promise<readonly Failure<Entry>[]> {
  const failures: Failure<Entry>[] = [];
  /** The last entry of each key: whether those behind it may run. */
  const ends = new Map<string, Promise<boolean>>();
  const runOne = async (entry: Entry, before: readonly Promise<boolean>[]): Promise<boolean> => {
    if ((await Promise.all(before)).includes(false)) return false;
    try {
      await run(entry);
      return true;
    } catch (error) {
      failures.push({ entry, error });
      return !isPassingError(error);
    }
  };
  const running = entries.map((entry) => {
    const keys = keysOf(entry);
    const end = runOne(
      entry,
      keys.flatMap((key) => ends.get(key) ?? []),
    );
    for (const key of keys) ends.set(key, end);
    return end;
  });
  await Promise.all(running);
  return failures;
}
