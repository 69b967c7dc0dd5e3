import { type CountedAttempt, type StatisticsRepository, sumCounts } from '@posthorn/core';
import fc from 'fast-check';
import { aCountedAttempt } from '../builders/counted-attempt.ts';
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
    it('counts successes and failures by hour and event type', async () => {
      const statistics = await create();
      await statistics.count([
        aCounted(1, {}),
        aCounted(2, { attemptedAt: secondsLater(hourSeconds - 1), succeeded: false }),
        aCounted(3, { attemptedAt: secondsLater(60), eventType: '+other-type.1' }),
        aCounted(4, { attemptedAt: secondsLater(hourSeconds) }),
        aCounted(1, { endpointId: nthId('endpoint', 1) }),
        aCounted(1, { applicationId: nthId('application', 1), endpointId: nthId('endpoint', 2) }),
      ]);
      const list = (from: number, to: number) =>
        statistics.listHours(endpoint, { since: secondsLater(from), until: secondsLater(to) });
      const first = {
        hour: secondsLater(0),
        success: 2,
        fail: 1,
        byEventType: new Map([
          ['invoice.paid', { success: 1, fail: 1 }],
          ['+other-type.1', { success: 1, fail: 0 }],
        ]),
        earliestPlanned: secondsLater(0),
      };
      const second = {
        hour: secondsLater(hourSeconds),
        success: 1,
        fail: 0,
        byEventType: new Map([['invoice.paid', { success: 1, fail: 0 }]]),
        earliestPlanned: secondsLater(hourSeconds),
      };
      expect(await statistics.listFirstHours(endpoint, { since: secondsLater(60), until: secondsLater(120) })).toEqual({
        hours: [first],
      });
      expect(await list(60, 120)).toEqual([first]);
      expect(await list(60, hourSeconds + 60)).toEqual([first, second]);
      expect(await list(hourSeconds, hourSeconds)).toEqual([second]);
      expect(await list(hourSeconds * 5, hourSeconds * 9)).toEqual([]);
      expect(await list(hourSeconds * 9, hourSeconds * 5)).toEqual([]);
    });

    it('counts nothing for an empty batch', async () => {
      const statistics = await create();
      expect(await statistics.count([])).toEqual([]);
      expect(await statistics.listEndpoints(ids.application, { limit: 10 })).toEqual([]);
    });

    it('lists the endpoints of an application, page by page', async () => {
      const statistics = await create();
      const endpointIds = Array.from({ length: 40 }, (_, n) => nthId('endpoint', n));
      await statistics.count([
        ...endpointIds.map((endpointId) => aCountedAttempt({ endpointId })),
        ...endpointIds.map((endpointId) =>
          aCountedAttempt({ endpointId, sequenceNumber: '2', attemptedAt: secondsLater(hourSeconds) }),
        ),
        aCountedAttempt({ applicationId: nthId('application', 1), endpointId: nthId('endpoint', 99) }),
      ]);
      const all = await statistics.listEndpoints(ids.application, { limit: 100 });
      expect(all.toSorted()).toEqual(endpointIds.toSorted());
      const paged: string[] = [];
      for (let page = await statistics.listEndpoints(ids.application, { limit: 7 }); page.length > 0; ) {
        paged.push(...page);
        page = await statistics.listEndpoints(ids.application, { after: page.at(-1) ?? '', limit: 7 });
      }
      expect(paged).toEqual(all);
    });

    it('counts every attempt once, for every division into batches and every repetition', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, async ({ attempts, runs: batches }) => {
          const statistics = await create();
          for (const batch of cutIntoBatches(attempts, batches)) expect(await statistics.count(batch)).toEqual([]);
          const window = { since: secondsLater(0), until: secondsLater(hourSeconds * 3) };
          // Counting each attempt once, in its own batch, is the simplest way to count.
          const simple = await create();
          for (const attempt of attempts) await simple.count([attempt]);
          const hours = await statistics.listHours(endpoint, window);
          expect(hours).toEqual(await simple.listHours(endpoint, window));
          const success = attempts.filter(({ succeeded }) => succeeded).length;
          expect(sumCounts(hours)).toEqual({ success, fail: attempts.length - success });
          const planned = attempts.map(({ plannedAt }) => plannedAt.getTime());
          if (planned.length > 0)
            expect(Math.min(...hours.map(({ earliestPlanned }) => earliestPlanned?.getTime() ?? Number.NaN))).toBe(
              Math.min(...planned),
            );
        }),
        { seed, numRuns: runs },
      );
    });
  });
}

const endpoint = { applicationId: ids.application, endpointId: ids.endpoint };

const aCounted = (sequence: number, overrides: Partial<CountedAttempt> = {}): CountedAttempt =>
  aCountedAttempt({ sequenceNumber: String(sequence), ...overrides });

/** One shard's records, ordered by their sequence numbers, which have different lengths. There are three sources. */
const anyAttempts = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 400 }),
      source: fc.constantFrom('#0', '#1', '#2'),
      succeeded: fc.boolean(),
      seconds: fc.nat({ max: hourSeconds * 3 }),
      waited: fc.nat({ max: hourSeconds }),
      eventType: fc.constantFrom('a', 'b.c', 'd-'),
    }),
    { maxLength: 25 },
  )
  .map((steps) => {
    let sequence = 0;
    return steps.map(({ step, source, succeeded, seconds, waited, eventType }) => {
      sequence += step;
      return aCounted(sequence, {
        source: `${ids.endpoint}${source}`,
        succeeded,
        eventType,
        attemptedAt: secondsLater(seconds),
        plannedAt: secondsLater(seconds - waited),
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
