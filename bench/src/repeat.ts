/** Calls `work` `count` times with the numbers from 0, as fast as possible, with at most `atOnce` calls at a time. */
export async function repeat(count: number, atOnce: number, work: (number: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const number = next;
      next += 1;
      await work(number);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Does the same as `repeat`, and returns the calls per second. */
export async function timesPerSecond(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  await repeat(count, atOnce, work);
  return (count / (performance.now() - startedAt)) * 1_000;
}
