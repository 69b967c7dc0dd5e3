import type { Failure } from '../batch/run-together-or-apart.ts';

/** How many attempts succeeded, and how many failed. */
export interface AttemptCounts {
  readonly success: number;
  readonly fail: number;
}

/** One attempt, as the stream of the attempts table reports it. */
export interface CountedAttempt {
  readonly applicationId: string;
  readonly endpointId: string;
  readonly eventType: string;
  /** Partition key of the attempt's row. Sequence numbers grow within it. */
  readonly source: string;
  /** Of the stream record; decimal digits, of any length. */
  readonly sequenceNumber: string;
  readonly succeeded: boolean;
  readonly attemptedAt: Date;
  /** The time in the attempt's id. Never later than `attemptedAt`, unless clocks differ. */
  readonly plannedAt: Date;
}

/** The attempts that were made at one endpoint in one hour. */
export interface HourCounts extends AttemptCounts {
  /** The start of the hour. */
  readonly hour: Date;
  /** Attempts that versions without event types have counted are in the sums only. */
  readonly byEventType: ReadonlyMap<string, AttemptCounts>;
  /** No attempt of the hour has an id with an earlier time. Absent if a version without it has counted some of them. */
  readonly earliestPlanned?: Date;
}

/** From the hour of `since` to the hour of `until`, both included. */
export interface HourWindow {
  readonly since: Date;
  readonly until: Date;
}

/** Hours of a window, from its first one on. */
interface FirstHours {
  readonly hours: readonly HourCounts[];
  /** The first hour that was not read. Absent if all were. */
  readonly next?: Date;
}

/** An endpoint, also one that was deleted. */
export interface CountedEndpoint {
  readonly applicationId: string;
  readonly endpointId: string;
}

/** Where attempts are counted: by endpoint, hour and event type. */
export interface StatisticsRepository {
  /**
   * Counts attempts, and returns those that could not be counted. An attempt is counted once, even if its record comes
   * again in another batch.
   */
  count(attempts: readonly CountedAttempt[]): Promise<readonly Failure<CountedAttempt>[]>;
  /** The hours of the window in which attempts were made, oldest first. */
  listHours(endpoint: CountedEndpoint, window: HourWindow): Promise<readonly HourCounts[]>;
  /** The same, but no more hours than a few megabytes of rows have. */
  listFirstHours(endpoint: CountedEndpoint, window: HourWindow): Promise<FirstHours>;
  /**
   * The endpoints of an application with statistics, deleted ones included, in a fixed order. At most `limit`, from the
   * first one behind `after`.
   */
  listEndpoints(
    applicationId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly string[]>;
}
