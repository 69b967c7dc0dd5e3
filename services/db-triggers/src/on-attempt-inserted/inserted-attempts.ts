import { type CountedAttempt, type DecodedRecord, UnusableData } from '@posthorn/core';
import type { AttemptsTableRow } from '@posthorn/models/stream-images';
import type { Problem } from '../settle-problems.ts';

/** An attempt that was recorded. */
export interface InsertedAttempt {
  /** The place of its record in the batch. */
  readonly index: number;
  readonly attempt: AttemptsTableRow & Pick<CountedAttempt, 'sequenceNumber'>;
}

/** Separates the attempts of a batch from records that cannot be decoded. */
export function sortAttempts(records: readonly DecodedRecord<AttemptsTableRow>[]): {
  readonly inserted: readonly InsertedAttempt[];
  readonly problems: readonly Problem[];
} {
  const inserted: InsertedAttempt[] = [];
  const problems: Problem[] = [];
  for (const [index, record] of records.entries()) {
    if (record.kind === 'undecodable')
      problems.push({ index, error: new UnusableData(record.reason), concerns: { kind: 'record' } });
    else if (record.change.kind === 'inserted')
      inserted.push({ index, attempt: { ...record.change.new, sequenceNumber: record.change.sequenceNumber } });
  }
  return { inserted, problems };
}
