const firstWaitMs = 250;
const longestWaitMs = 5_000;

/**
 * How long to wait after a failure: 0.25, 0.5, 1, 2, 4, 5, 5 … seconds.
 *
 * @param failures - how many there were in a row: 1, 2, 3, …
 */
export const backoffMs = (failures: number): number => Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
