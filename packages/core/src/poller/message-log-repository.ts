import type { LogBatch, LogEntry, LogPosition } from './message-log.ts';

/** Where to read a log, and how much. */
export interface LogSlice {
  readonly behind: LogPosition;
  /** At least 1. */
  readonly limit: number;
}

/** Entries in the order of the log. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Whether the log has no more entries at the moment. */
  readonly done: boolean;
  /** The keys of rows with entries that cannot be read. They are left out. Absent if there are none. */
  readonly damaged?: readonly string[];
}

/**
 * The order in which an application's messages were committed, for programs that poll. Fan-out writes it, batch by batch,
 * and it only grows at its end. So nothing ever appears before a place that was read.
 */
export interface MessageLogRepository {
  /**
   * One transaction: the entries get places behind the end of the log, and only if the end has not moved since it was
   * read. Entries of the last few rows are left out, so a batch may be repeated. One that is repeated later is there twice.
   */
  append(applicationId: string, batch: LogBatch): Promise<void>;
  /** Sees every batch that was appended before it began. One read if there is nothing new. */
  read(applicationId: string, slice: LogSlice): Promise<LogPage>;
  /**
   * The position right before the first message that was accepted at a time or later (`isSince`). All messages behind it
   * were committed later than the ones before it, though a few of them may have been accepted a little before that time.
   * Without such a message it is the end of the log.
   */
  findStart(applicationId: string, since: Date): Promise<LogPosition>;
  /** The position of the last entry: what is appended later is behind it. One read. */
  findEnd(applicationId: string): Promise<LogPosition>;
}
