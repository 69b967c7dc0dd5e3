/** A clock that jumps from one thing to do to the next, in milliseconds from 0. */
export interface Timeline {
  now(): number;
  at(time: number, act: () => void): void;
  /** Does everything, in the order of its times. */
  run(): void;
}

export function createTimeline(): Timeline {
  const acts = new Map<number, (() => void)[]>();
  const times: number[] = [];
  let present = 0;
  return {
    now: () => present,
    at(time, act) {
      const then = Math.max(time, present);
      const own = acts.get(then);
      if (own) return void own.push(act);
      acts.set(then, [act]);
      insertSorted(times, then);
    },
    run() {
      for (let time = times.shift(); time !== undefined; time = times.shift()) {
        present = time;
        // What is added for the same time while this runs has an entry of its own.
        const own = acts.get(time) ?? [];
        acts.delete(time);
        for (const act of own) act();
      }
    },
  };
}

function insertSorted(times: number[], time: number): void {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  times.splice(low, 0, time);
}
