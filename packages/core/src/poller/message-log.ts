import { idResolutionMs, timeOfId } from '../identifier/identifier.ts';

/**
 * A place in an application's message log: the decimal digits of a sequence number of the table's stream. What is read
 * from there begins behind it.
 */
export type LogPosition = string;

/** Before everything that the log can have. */
export const startOfLog: LogPosition = '0';

/** A sequence number has at most this many digits. */
export const maxPositionDigits = 40;

/** A message in the order in which the messages of its application were committed. */
export interface LogEntry {
  /** The sequence number of the record of the message, or of its relay. */
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
 * Leaves out the entries that a reader has passed. Batches overlap if fan-out was repeated with other limits, so entries
 * come again: what comes again is never behind the last entry that was read.
 */
export function entriesBehind(position: LogPosition, entries: readonly LogEntry[]): readonly LogEntry[] {
  const found: LogEntry[] = [];
  let last = position;
  for (const entry of entries) {
    if (!isBehind(entry.sequence, last)) continue;
    found.push(entry);
    last = entry.sequence;
  }
  return found;
}
