/** Counts of values up to some bounds. */
export interface Histogram {
  add(value: number): void;
  /** For each bound, how many values are at most as high. The last one counts all. */
  cumulative(): readonly (readonly [bound: number, count: number])[];
  sum(): number;
}

/** @param bounds - ascending */
export function createHistogram(bounds: readonly number[]): Histogram {
  const all = [...bounds, Number.POSITIVE_INFINITY];
  const counts = all.map(() => 0);
  let sum = 0;
  return {
    add(value) {
      let index = 0;
      while (value > (all[index] ?? 0)) index += 1;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += value;
    },
    cumulative() {
      let count = 0;
      return all.map((bound, index) => {
        count += counts[index] ?? 0;
        return [bound, count];
      });
    },
    sum: () => sum,
  };
}
