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
 * The order in which an application's messages were committed, for programs that poll. Fan-out writes it, batch by batch:
 * a batch only begins when everything before it is in the log.
 */
export interface MessageLogRepository {
  /** One write. A batch may be repeated, and may overlap others that begin where it begins or earlier. */
  append(applicationId: string, batch: LogBatch): Promise<void>;
  /** Sees every batch that was appended before it began. One read if there is nothing new. */
  read(applicationId: string, slice: LogSlice): Promise<LogPage>;
  /**
   * The position right before the first message that was accepted at a time or later (`isSince`). All messages behind it
   * were committed later than the ones before it, though a few of them may have been accepted a little before that time.
   * Without such a message it is the end of the log.
   */
  findStart(applicationId: string, since: Date): Promise<LogPosition>;
}
