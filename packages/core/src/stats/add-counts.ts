import type { AttemptCounts, HourCounts } from './attempt-counts.ts';

const noAttempts: AttemptCounts = { success: 0, fail: 0 };
const dayLength = 'yyyy-mm-dd'.length;

/** The sum of all counts. */
export const sumCounts = (counts: Iterable<AttemptCounts>): AttemptCounts => {
  let [success, fail] = [0, 0];
  for (const one of counts) {
    success += one.success;
    fail += one.fail;
  }
  return { success, fail };
};

/** Adds each key's counts. */
export function addByKey<Key>(
  sums: ReadonlyMap<Key, AttemptCounts>,
  counts: Iterable<readonly [Key, AttemptCounts]>,
): ReadonlyMap<Key, AttemptCounts> {
  const added = new Map(sums);
  for (const [key, count] of counts) added.set(key, sumCounts([added.get(key) ?? noAttempts, count]));
  return added;
}

/** The days of hours, as `yyyy-mm-dd` in UTC. */
export const byDay = (hours: readonly HourCounts[]): readonly (readonly [string, AttemptCounts])[] =>
  hours.map((counts) => [counts.hour.toISOString().slice(0, dayLength), counts]);
