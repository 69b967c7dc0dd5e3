import type { Journal } from './journal.ts';

const minuteMs = 60_000;
const lookEveryMs = 50;

/** Writes down each time at which the clock of `Date` was moved by minutes, against one that no test moves. */
export function watchClock(journal: Journal): void {
  let before = 0;
  const look = () => {
    const minutes = Math.round((Date.now() - performance.timeOrigin - performance.now()) / minuteMs);
    if (minutes !== before) journal.add({ kind: 'clock-moved', minutes });
    before = minutes;
  };
  setInterval(look, lookEveryMs).unref();
}
