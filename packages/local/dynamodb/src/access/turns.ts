/**
 * Runs work, and resolves or rejects as it does.
 *
 * @param weight - how many turns it takes. At most all of them
 */
export type TakeTurn = <Result>(weight: number, work: () => Promise<Result>) => Promise<Result>;

/**
 * Limits how many pieces of work run at a time. The others wait, and start in the order in which they came.
 *
 * @param limit - at least 1
 */
export function createTurns(limit: number): TakeTurn {
  const waiting: { readonly turns: number; readonly start: () => void }[] = [];
  let running = 0;
  const startNext = () => {
    for (let next = waiting[0]; next && running + next.turns <= limit; next = waiting[0]) {
      waiting.shift();
      running += next.turns;
      next.start();
    }
  };
  return async (weight, work) => {
    const turns = Math.min(weight, limit);
    await new Promise<void>((start) => {
      waiting.push({ turns, start });
      startNext();
    });
    try {
      return await work();
    } finally {
      running -= turns;
      startNext();
    }
  };
}
