import { idResolutionMs, timeOfId } from '../identifier/identifier.ts';

/**
 * A place in an application's message log: decimal digits, of the sequence number of a record of the table's stream or a
 * little more. What is read from there begins behind it.
 */
export type LogPosition = string;

/** Before everything that the log can have. */
export const startOfLog: LogPosition = '0';

/** A sequence number has at most this many digits. */
export const maxPositionDigits = 40;

/** A message in the order in which the messages of its application were committed. */
export interface LogEntry {
  /**
   * In a batch that is appended: the sequence number of the record of the message, or of its relay. In the log: the place
   * of the entry (`placeBehind`).
   */
  readonly sequence: LogPosition;
  readonly messageId: string;
}

/** Entries that were fanned out together. */
export interface LogBatch {
  /** In ascending order, at least one. */
  readonly entries: readonly LogEntry[];
  /** When the last entry was committed, to about a second. */
  readonly committedAt: Date;
  readonly expiresAt: Date;
}

/** Whether the first position is behind the second one. */
export const isBehind = (one: LogPosition, other: LogPosition): boolean => BigInt(one) > BigInt(other);

/**
 * Whether a message was accepted at a time or later. An id carries its time to a few milliseconds, rounded down. In doubt it
 * counts, so that none is passed over.
 */
export const isSince = ({ messageId }: LogEntry, time: Date): boolean =>
  timeOfId(messageId).getTime() + idResolutionMs > time.getTime();

/** The position right before an entry: reading from there begins with it. */
export const positionBefore = ({ sequence }: LogEntry): LogPosition => String(BigInt(sequence) - 1n);

/**
 * Gives entries their places behind the end of a log. That is their own sequence number, unless it is not behind the end:
 * a shard of the stream that was divided by its sort keys has lanes whose numbers do not follow each other.
 */
export function placeBehind(end: LogPosition, entries: readonly LogEntry[]): readonly LogEntry[] {
  let last = BigInt(end);
  return entries.map(({ sequence, messageId }) => {
    const own = BigInt(sequence);
    last = own > last ? own : last + 1n;
    return { sequence: String(last), messageId };
  });
}

/** In so many of the last rows of a log, entries are looked for that come again. */
export const recentRows = 8;

/** Whether a batch may have been appended before: it does not begin behind the end of the log. */
export const mayBeRepeated = (end: LogPosition, [first]: readonly LogEntry[]): boolean =>
  first !== undefined && !isBehind(first.sequence, end);

/** The entries behind a position, from rows of which the first may begin before it. */
export const entriesBehind = (position: LogPosition, entries: readonly LogEntry[]): readonly LogEntry[] =>
  entries.filter(({ sequence }) => isBehind(sequence, position));
