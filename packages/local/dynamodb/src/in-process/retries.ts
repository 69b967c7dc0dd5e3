import { RequestFailure } from '../failure.ts';
import { AnswerLost } from '../faults/faults.ts';

/** When a failed try is repeated. */
export interface Retries {
  /** Number of tries of a call. Default: 3, as in the SDK. */
  readonly maxAttempts?: number;
  /** Returns the pause after a failed try (from 1), in milliseconds. Default: up to 100 ms, then 200, 400 and so on. */
  readonly pauseMs?: (failedTry: number) => number;
}

const firstPauseMs = 100;
const longestPauseMs = 20_000;

/** The pauses of the SDK after a passing error. */
export const defaultPauseMs = (failedTry: number): number =>
  Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (failedTry - 1));

/** The SDK does not try again after this status. */
const outOfSpaceStatus = 507;

const throttles = [
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'TransactionInProgressException',
];

/** Returns whether the SDK would try again: after a throttle, an error of the server or a lost response. */
export function isPassing(error: unknown): boolean {
  if (error instanceof AnswerLost) return true;
  if (!(error instanceof RequestFailure)) return false;
  return (
    (error.statusCode >= 500 && error.statusCode !== outOfSpaceStatus) ||
    throttles.includes(error.type.slice(error.type.indexOf('#') + 1))
  );
}
