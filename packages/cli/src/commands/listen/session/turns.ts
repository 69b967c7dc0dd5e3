/** Runs one piece of work after the other, in the order in which they were asked for. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(work);
    // Who asked for the work gets its failure. The next one does not care.
    last = own.catch(() => undefined);
    return own;
  };
}
