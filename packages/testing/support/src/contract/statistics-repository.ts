import type { CountedAttempt, StatisticsRepository } from '@posthorn/core';
import fc from 'fast-check';
import { ids, nthId, secondsLater } from '../builders/ids.ts';

const seed = 20_260_101;
const hourSeconds = 3_600;

/** What every statistics repository promises. Each test gets an empty one. */
export function describeStatisticsRepository(
  name: string,
  create: () => Promise<StatisticsRepository>,
  { runs = 30 }: { readonly runs?: number } = {},
): void {
  describe(`statistics ${name}`, () => {
    it('counts successes and failures by the hour', async () => {
      const statistics = await create();
      await statistics.count([
        aCounted(1, { attemptedAt: secondsLater(0) }),
        aCounted(2, { attemptedAt: secondsLater(hourSeconds - 1), succeeded: false }),
        aCounted(3, { attemptedAt: secondsLater(hourSeconds) }),
        aCounted(1, { endpointId: nthId('endpoint', 1), source: 'other' }),
      ]);
      const sum = (from: number, to: number) => statistics.sum(ids.endpoint, secondsLater(from), secondsLater(to));
      expect(await sum(60, 120)).toEqual({ success: 1, fail: 1 });
      expect(await sum(60, hourSeconds + 60)).toEqual({ success: 2, fail: 1 });
      expect(await sum(hourSeconds, hourSeconds)).toEqual({ success: 1, fail: 0 });
      expect(await sum(hourSeconds * 5, hourSeconds * 9)).toEqual({ success: 0, fail: 0 });
      expect(await sum(hourSeconds * 9, hourSeconds * 5)).toEqual({ success: 0, fail: 0 });
    });

    it('counts nothing for an empty batch', async () => {
      const statistics = await create();
      expect(await statistics.count([])).toEqual([]);
      expect(await statistics.sum(ids.endpoint, secondsLater(0), secondsLater(0))).toEqual({ success: 0, fail: 0 });
    });

    it('counts every attempt once, for every division into batches and every repetition', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, async ({ attempts, runs: batches }) => {
          const statistics = await create();
          for (const batch of cutIntoBatches(attempts, batches)) expect(await statistics.count(batch)).toEqual([]);
          const success = attempts.filter(({ succeeded }) => succeeded).length;
          const sum = await statistics.sum(ids.endpoint, secondsLater(0), secondsLater(hourSeconds * 3));
          expect(sum).toEqual({ success, fail: attempts.length - success });
        }),
        { seed, numRuns: runs },
      );
    });
  });
}

const aCounted = (sequence: number, overrides: Partial<CountedAttempt> = {}): CountedAttempt => ({
  endpointId: ids.endpoint,
  source: `${ids.endpoint}#0`,
  sequenceNumber: String(sequence),
  succeeded: true,
  attemptedAt: secondsLater(0),
  ...overrides,
});

/** One shard's records, ordered by their sequence numbers, which have different lengths. There are three sources. */
const anyAttempts = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 400 }),
      source: fc.constantFrom('#0', '#1', '#2'),
      succeeded: fc.boolean(),
      seconds: fc.nat({ max: hourSeconds * 3 }),
    }),
    { maxLength: 25 },
  )
  .map((steps) => {
    let sequence = 0;
    return steps.map(({ step, source, succeeded, seconds }) => {
      sequence += step;
      return aCounted(sequence, {
        source: `${ids.endpoint}${source}`,
        succeeded,
        attemptedAt: secondsLater(seconds),
      });
    });
  });

/** For each run: how many records it reads, and how far the mapping moves its checkpoint afterwards. */
const anyHistory = fc.record({
  attempts: anyAttempts,
  runs: fc.array(fc.record({ length: fc.integer({ min: 1, max: 10 }), kept: fc.nat({ max: 10 }) }), { maxLength: 12 }),
});

/**
 * Batches of an event source mapping. Each batch begins at the last checkpoint, which can be anywhere in the batch
 * before. In the end, every record was in some batch.
 */
function cutIntoBatches(
  attempts: readonly CountedAttempt[],
  runs: readonly { readonly length: number; readonly kept: number }[],
): readonly (readonly CountedAttempt[])[] {
  let start = 0;
  const batches = runs.map(({ length, kept }) => {
    const batch = attempts.slice(start, start + length);
    start += Math.min(kept, batch.length);
    return batch;
  });
  return [...batches, attempts.slice(start)];
}
