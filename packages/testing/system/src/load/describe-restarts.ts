const wantedMs = 2_000;

/** A clock for how long restarts take. They are printed, not asserted: a busy machine makes them longer. */
export function createRestartTimes() {
  const times: number[] = [];
  return {
    /** Runs a restart, and notes how long it took. */
    async measure<Result>(restart: () => Promise<Result>): Promise<Result> {
      const begunAt = performance.now();
      const result = await restart();
      times.push(performance.now() - begunAt);
      return result;
    },
    /** Such as `50 restarts took 612 to 1480 ms, half of them up to 700 ms; 0 took longer than 2000 ms`. */
    describe(): string {
      const sorted = times.toSorted((one, other) => one - other).map(Math.round);
      const late = sorted.filter((ms) => ms > wantedMs);
      return (
        `${sorted.length} restarts took ${sorted[0]} to ${sorted.at(-1)} ms, half of them up to ` +
        `${sorted[Math.floor((sorted.length - 1) / 2)]} ms; ${late.length} took longer than ${wantedMs} ms` +
        (late.length > 0 ? `: ${late.join(', ')}` : '')
      );
    },
  };
}
