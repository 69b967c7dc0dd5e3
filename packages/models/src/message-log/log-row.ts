import { hash } from 'node:crypto';
import {
  type ConsumerKey,
  type ConsumerState,
  isId,
  type LogBatch,
  type LogEntry,
  type LogPosition,
  maxPositionDigits,
  shardOf,
} from '@posthorn/core';
import { expiryOf, toEpochSeconds } from '../rows/expiry.ts';
import { isDamaged, packLongText, unpackText } from '../rows/packed-text.ts';
import { ForeignRow, instantOf, numberOf, type Row, textOf } from '../rows/row.ts';
import { rowBytes } from '../rows/row-size.ts';

const logPrefix = 'log#';

/** Positions as texts that sort like the numbers. */
const toPlace = (position: LogPosition): string => position.padStart(maxPositionDigits, '0');
const toPosition = (place: string): LogPosition => String(BigInt(place));

/** The sort keys of batches that have entries behind a position, up to another one. */
export const keysBehind = (position: LogPosition, upTo?: LogPosition) => ({
  from: `${logPrefix}${toPlace(String(BigInt(position) + 1n))}`,
  to: upTo === undefined ? `${logPrefix}~` : `${logPrefix}${toPlace(upTo)}`,
});

/**
 * The row of a batch. Its key is the position of its last entry, so the rows behind a position are those with entries
 * behind it. A long list of entries is deflated.
 */
export async function toLogRow(applicationId: string, { entries, committedAt, expiresAt }: LogBatch): Promise<Row> {
  const last = entries.at(-1);
  if (last === undefined) throw new RangeError('a batch of the message log has no entries');
  const row = {
    applicationId,
    entry: `${logPrefix}${toPlace(last.sequence)}`,
    at: committedAt.toISOString(),
    expiresAt: toEpochSeconds(expiresAt),
  };
  const text = entries.map(({ sequence, messageId }) => `${sequence} ${messageId}`).join('\n');
  return { ...row, entries: await packLongText(text, { otherBytes: rowBytes({ ...row, entries: '' }) }) };
}

/** How far a log was written. */
export interface LogEnd {
  readonly position: LogPosition;
  /** When the last entry was committed. Entries that were committed earlier can follow. */
  readonly committedAt: Date;
}

/** The row is not among the batches. It has no time to live: positions must not begin again when all batches have expired. */
export const logEndKey = (applicationId: string) => ({ applicationId, entry: 'end' });

export const toLogEnd = (applicationId: string, { position, committedAt }: LogEnd): Row => ({
  ...logEndKey(applicationId),
  position: toPlace(position),
  at: committedAt.toISOString(),
});

export const readLogEnd = (row: Row): LogEnd => ({
  position: toPosition(textOf(row, 'position')),
  committedAt: instantOf(row, 'at'),
});

/** The position of the last entry of a batch. */
export function lastPositionOf(row: Row): LogPosition {
  const digits = textOf(row, 'entry').slice(logPrefix.length);
  if (!/^\d+$/.test(digits)) throw new ForeignRow('entry');
  return toPosition(digits);
}

/** The entries of a batch, and the key of its row if there are others that cannot be read. */
interface RowEntries {
  readonly entries: readonly LogEntry[];
  readonly damaged?: string;
}

/** What cannot be read is left out: it must not hold back everything behind it. */
export function readEntries(row: Row): RowEntries {
  const lines = linesOf(row);
  const entries = lines?.flatMap((line) => readEntry(line) ?? []) ?? [];
  return entries.length === lines?.length ? { entries } : { entries, damaged: textOf(row, 'entry') };
}

function linesOf(row: Row): readonly string[] | undefined {
  try {
    return unpackText(row, 'entries').split('\n');
  } catch (error) {
    if (isDamaged(error)) return undefined;
    throw error;
  }
}

function readEntry(line: string): LogEntry | undefined {
  const [sequence = '', messageId = '', ...rest] = line.split(' ');
  return /^\d+$/.test(sequence) && isId('message', messageId) && rest.length === 0
    ? { sequence, messageId }
    : undefined;
}

/** The rows of an application's consumers are spread over this many partitions. */
const consumerShards = 16;
const consumerPartition = (applicationId: string, shard: number): string => `${applicationId}#consumers#${shard}`;

/** Every partition that can have rows of an application. */
export const logPartitions = (applicationId: string): readonly string[] => [
  applicationId,
  ...Array.from({ length: consumerShards }, (_, shard) => consumerPartition(applicationId, shard)),
];

/**
 * The key of a consumer's row. Names can be long and have any characters, so they are hashed. It is in another partition
 * than the log: fan-out waits for writes to the log, and must not wait for callers that poll too often.
 */
export const consumerKey = ({ applicationId, sink, consumer }: ConsumerKey) => {
  const name = JSON.stringify([sink, consumer]);
  return {
    applicationId: consumerPartition(applicationId, shardOf(name, consumerShards)),
    entry: `consumer#${hash('sha256', name, 'hex')}`,
  };
};

/** The values of a consumer's row, for a write. */
export const toConsumerValues = ({ position, expiresAt }: Pick<ConsumerState, 'position' | 'expiresAt'>) => ({
  position: toPlace(position),
  expiresAt: toEpochSeconds(expiresAt),
});

/** A row that has expired and is still there counts: nothing is lost by knowing a consumer for longer. */
export const readConsumer = (row: Row): ConsumerState => ({
  position: toPosition(textOf(row, 'position')),
  generation: numberOf(row, 'generation'),
  expiresAt: expiryOf(row),
});
