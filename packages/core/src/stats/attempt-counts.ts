/** How many attempts ended how. */
export interface AttemptCounts {
  readonly success: number;
  readonly fail: number;
}

/** One attempt as the attempts table's stream tells of it. */
export interface CountedAttempt {
  readonly endpointId: string;
  /** Partition key of the attempt's row: sequence numbers are in order within it. */
  readonly source: string;
  /** Of the stream record; decimal digits, of any length. */
  readonly sequenceNumber: string;
  readonly succeeded: boolean;
  readonly attemptedAt: Date;
}

/** Where attempts are counted, by endpoint and hour. */
export interface StatisticsRepository {
  /** Adds attempts up. Exact under replays: what was counted once is not counted again, however batches are cut. */
  count(attempts: readonly CountedAttempt[]): Promise<void>;
  /** Attempts of an endpoint made in the hours from `since`'s to `until`'s, both included. */
  sum(endpointId: string, since: Date, until: Date): Promise<AttemptCounts>;
}
