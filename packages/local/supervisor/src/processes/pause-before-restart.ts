const firstPauseMs = 100;
/**
 * A process that was ready does its work again after a restart, so it must be back within two seconds each time, a start
 * included. One that does not get ready needs someone to remove the cause.
 */
const longestPauseMs = { wasReady: 500, notReady: 5_000 };

/**
 * Returns the pause before a process that died is started again, in milliseconds. Pauses double with each death in a row.
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
  return fruitless === 0
    ? Math.min(longestPauseMs.wasReady, firstPauseMs * 2 ** earlierDeaths)
    : Math.min(longestPauseMs.notReady, firstPauseMs * 2 ** fruitless);
}
