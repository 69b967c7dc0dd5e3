import { ConfiguredRetryStrategy } from '@smithy/core/retry';

/** The most tries of a call. */
export const maxTries = 8;
const firstPauseMs = 100;
const longestPauseMs = 1_000;

/**
 * The retries for tables and queues: up to 8 tries, with pauses of up to 0.1 s, 0.2 s and so on, at most 1 s.
 *
 * The SDK's own pauses after a throttle are up to 0.5, 1, 2 and 4 s. A few throttles in a row would use up the time
 * limit of a call, although the next try would succeed.
 *
 * @param random - a number from 0 to 1
 */
export const createRetryStrategy = (random: () => number = Math.random): ConfiguredRetryStrategy =>
  new ConfiguredRetryStrategy(maxTries, (failedTry) => retryPauseMs(failedTry, random()));

/**
 * The pause before the next try.
 *
 * @param failedTry - number of the try that failed, from 1
 * @param random - a number from 0 to 1
 */
export const retryPauseMs = (failedTry: number, random: number): number =>
  random * Math.min(longestPauseMs, firstPauseMs * 2 ** (failedTry - 1));
