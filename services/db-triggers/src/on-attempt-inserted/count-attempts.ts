import type { StatisticsRepository } from '@posthorn/core';
import { readAttemptImage } from '@posthorn/models/stream-images';
import type { InsertedRecord } from '../stream-batch.ts';

export interface CountAttemptsDeps {
  readonly count: StatisticsRepository['count'];
}

/** Adds a batch of recorded attempts to their endpoints' statistics; a batch that comes again changes nothing. */
export const createCountAttempts =
  ({ count }: CountAttemptsDeps) =>
  (records: readonly InsertedRecord[]): Promise<void> =>
    count(records.map(({ image, sequenceNumber }) => readAttemptImage(image, sequenceNumber)));
