/**
 * A process that was ready does its work again after a restart. It must be back within two seconds each time, a start
 * included.
 */
const wasReadyMs = 200;
/** One that does not get ready may need someone to remove the cause. */
const notReady = { firstMs: 100, longestMs: 5_000 };

/**
 * Returns the pause before a process that died is started again, in milliseconds: none the first time, and then a short
 * one if it was ready. If it was not, pauses double with each such death in a row.
 *
 * @param fruitless - how often in a row it died before it was ready; 0 if it was ready this time
 */
export function pauseBeforeRestart({
  earlierDeaths,
  fruitless,
}: {
  readonly earlierDeaths: number;
  readonly fruitless: number;
}): number {
  if (earlierDeaths === 0) return 0;
  if (fruitless === 0) return wasReadyMs;
  return Math.min(notReady.longestMs, notReady.firstMs * 2 ** fruitless);
}
