import type { Failure } from '../batch/run-together-or-apart.ts';

/** How many attempts succeeded, and how many failed. */
export interface AttemptCounts {
  readonly success: number;
  readonly fail: number;
}

/** One attempt, as the stream of the attempts table reports it. */
export interface CountedAttempt {
  readonly endpointId: string;
  /** Partition key of the attempt's row. Sequence numbers grow within it. */
  readonly source: string;
  /** Of the stream record; decimal digits, of any length. */
  readonly sequenceNumber: string;
  readonly succeeded: boolean;
  readonly attemptedAt: Date;
}

/** Where attempts are counted, by endpoint and hour. */
export interface StatisticsRepository {
  /**
   * Counts attempts, and returns those that could not be counted. An attempt is counted once, even if its record comes
   * again in another batch.
   */
  count(attempts: readonly CountedAttempt[]): Promise<readonly Failure<CountedAttempt>[]>;
  /** Attempts of an endpoint made from the hour of `since` to the hour of `until`, both included. */
  sum(endpointId: string, since: Date, until: Date): Promise<AttemptCounts>;
}
