import { setTimeout as wait } from 'node:timers/promises';

/** A turn of the event loop that takes longer has work that waits. */
const longTurnMs = 100;
const longestPauseMs = 2_000;

/**
 * The pause before one more batch is received, in milliseconds. The batches that run need the machine: calls of too many at
 * a time would all take longer than their limits.
 *
 * @param turnMs - how long a turn of the event loop takes
 */
export const startPauseMs = (turnMs: number): number =>
  turnMs < longTurnMs ? 0 : Math.min(2 * turnMs, longestPauseMs);

/** How long a turn of the event loop takes now, in milliseconds. */
export async function measureTurn(): Promise<number> {
  const startedAt = performance.now();
  await wait(0);
  return performance.now() - startedAt;
}
