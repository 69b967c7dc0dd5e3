/** How many events are in the fullest and in the emptiest window. */
export interface Windows {
  readonly most: number;
  readonly fewest: number;
}

/** Counts events in all windows of a length that lie between the first and the last event. Times in milliseconds. */
export function countInWindows(times: readonly number[], windowMs: number): Windows {
  const sorted = times.toSorted((one, other) => one - other);
  const last = sorted.at(-1) ?? 0;
  let [most, fewest] = [0, sorted.length];
  // Behind the window that begins with an event, and behind the one that begins just after it.
  let [end, endAfter] = [0, 0];
  for (const [index, from] of sorted.entries()) {
    const until = from + windowMs;
    if (until >= last) break;
    while ((sorted[end] ?? last) < until) end += 1;
    while ((sorted[endAfter] ?? last) <= until) endAfter += 1;
    most = Math.max(most, end - index);
    fewest = Math.min(fewest, endAfter - index - 1);
  }
  return { most, fewest };
}
