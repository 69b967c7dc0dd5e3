import { toAttemptRow } from '@posthorn/models/attempts/attempt-row';
import { toItem } from '@posthorn/models/rows/row';
import { anAttempt, ids, inMemoryStatistics, nthId } from '@posthorn/testing';
import type { InsertedRecord } from '../stream-batch.ts';
import { createCountAttempts } from './count-attempts.ts';

const recordOf = (n: number, status: 'succeeded' | 'failed'): InsertedRecord => ({
  sequenceNumber: String(n),
  // The image of a row, but for the client's type of binary values: these rows have none.
  image: toItem(
    toAttemptRow(anAttempt({ attemptId: nthId('attempt', n), status }), { successDays: 30, failureDays: 90 }),
  ) as InsertedRecord['image'],
});

it('counts each attempt once, however often its record comes', async () => {
  const statistics = inMemoryStatistics();
  const countAttempts = createCountAttempts(statistics);
  const records = [recordOf(1, 'succeeded'), recordOf(2, 'failed'), recordOf(3, 'succeeded')];
  await countAttempts(records.slice(0, 2));
  await countAttempts(records);
  const { attemptedAt } = anAttempt();
  expect(await statistics.sum(ids.endpoint, attemptedAt, attemptedAt)).toEqual({ success: 2, fail: 1 });
});
