/** Does something so many times, so many of them at once, as fast as it goes. It is told which time it is, from 0. */
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

/** The same, and how many times a second it went. */
export async function timesPerSecond(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  await repeat(count, atOnce, work);
  return (count / (performance.now() - startedAt)) * 1_000;
}
