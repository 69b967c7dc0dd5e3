/** Runs work, and resolves or rejects as it does. */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Limits how many pieces of work run at a time. The others wait, and start in the order in which they came.
 *
 * @param limit - at least 1
 */
export function createTurns(limit: number): TakeTurn {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < limit) running += 1;
    // Whoever ends gives its turn to the first that waits.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
