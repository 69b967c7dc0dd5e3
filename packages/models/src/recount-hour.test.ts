import type { Attempt, CountedAttempt } from '@posthorn/core';
import { aCountedAttempt, anAttempt, ids, nthId, secondsLater } from '@posthorn/testing';
import { createAttemptRepository } from './attempts.ts';
import { createRecountHour, recountableFrom } from './statistics/recount-hour.ts';
import { createStatisticsRepository } from './statistics.ts';
import { createTestStore } from './test-store.ts';

const hour = secondsLater(0);
const endpoint = { applicationId: ids.application, endpointId: ids.endpoint };

/** Some recorded attempts of one hour, one of them in the hour after it. */
const attempts: readonly Attempt[] = [
  anAttempt({ attemptId: nthId('attempt', 1), attemptedAt: secondsLater(1) }),
  anAttempt({ attemptId: nthId('attempt', 2), attemptedAt: secondsLater(3_599), status: 'failed' }),
  anAttempt({ attemptId: nthId('attempt', 3), attemptedAt: secondsLater(900), eventType: 'order.sent' }),
  anAttempt({ attemptId: nthId('attempt', 4), attemptedAt: secondsLater(3_600) }),
  anAttempt({ attemptId: nthId('attempt', 5), attemptedAt: secondsLater(5), endpointId: nthId('endpoint', 2) }),
];

async function aWorld() {
  const store = await createTestStore('attempts', 'statistics');
  const { record } = createAttemptRepository(store);
  for (const attempt of attempts) await record(attempt);
  const statistics = createStatisticsRepository(store);
  const recount = () => createRecountHour(store)({ ...endpoint, hour, plannedAt: secondsLater(1) });
  const read = async () => (await statistics.listHours(endpoint, { since: hour, until: hour }))[0];
  return { recount, read, count: (...some: readonly CountedAttempt[]) => statistics.count(some) };
}

const counted = (n: number, overrides: Partial<CountedAttempt> = {}) =>
  aCountedAttempt({
    sequenceNumber: String(n),
    attemptedAt: secondsLater(n),
    plannedAt: secondsLater(n),
    ...overrides,
  });

describe('an hour that is recounted', () => {
  it('has what its attempts say, however often', async () => {
    const world = await aWorld();
    const { eventType } = attempts[0] ?? anAttempt();
    await world.count(counted(1, { eventType }));
    for (let n = 0; n < 2; n += 1) {
      expect(await world.recount()).toBe('recounted');
      const { success, fail, byEventType } = (await world.read()) ?? {};
      expect([success, fail]).toEqual([2, 1]);
      expect(byEventType?.get('order.sent')).toEqual({ success: 1, fail: 0 });
    }
    // A batch that comes again is still left out.
    await world.count(counted(1, { eventType }));
    expect(await world.read()).toMatchObject({ success: 2, fail: 1, earliestPlanned: secondsLater(1) });
  });

  it('is made if nothing of it was counted', async () => {
    const world = await aWorld();
    expect(await world.recount()).toBe('recounted');
    expect(await world.read()).toMatchObject({ success: 2, fail: 1 });
  });

  it('keeps its counts if some of its attempts have expired', async () => {
    const world = await aWorld();
    const { eventType } = attempts[0] ?? anAttempt();
    for (const n of [1, 2, 3]) await world.count(counted(n, { eventType }));
    expect(await world.recount()).toBe('kept');
    expect(await world.read()).toMatchObject({ success: 3, fail: 0 });
  });

  it('is one in which nothing is counted any more', () =>
    expect(recountableFrom(hour).getTime() - hour.getTime()).toBeGreaterThan(7 * 3_600_000));
});
