import { aCountedAttempt, anEndpoint, inMemoryStatistics, secondsLater } from '@posthorn/testing';
import { findPlannedFrom } from './find-planned-from.ts';

const hour = 3_600;
const now = secondsLater(10 * hour);

async function aFinder() {
  const statistics = inMemoryStatistics();
  await statistics.count([
    aCountedAttempt({ sequenceNumber: '1', attemptedAt: secondsLater(2 * hour), plannedAt: secondsLater(60) }),
    aCountedAttempt({ sequenceNumber: '2', attemptedAt: secondsLater(5 * hour), plannedAt: secondsLater(hour) }),
    aCountedAttempt({ sequenceNumber: '3', attemptedAt: secondsLater(8 * hour) }),
  ]);
  return (after: Date, before?: Date) =>
    findPlannedFrom({ statistics }, anEndpoint(), { window: { after, ...(before && { before }) }, now });
}

describe('the time from which attempts of a window were planned', () => {
  it.each([
    ['the beginning, if none has waited longer', 6, undefined, 6],
    ['that of the one that has waited longest', 4, undefined, 1],
    ['that of the hours in the window alone', 4, 4.5, 4],
    ['that of the first hour, too', 5, 9, 1],
  ])('is %s', async (_, after, before, expected) => {
    const find = await aFinder();
    const found = await find(
      secondsLater(after * hour),
      before === undefined ? undefined : secondsLater(before * hour),
    );
    expect(found).toEqual(secondsLater(expected * hour));
  });

  it('is long before an hour of which an earlier version has counted some', async () => {
    const hours = [{ hour: secondsLater(4 * hour), success: 1, fail: 0, byEventType: new Map() }];
    const statistics = { listFirstHours: async () => ({ hours }) };
    const window = { after: secondsLater(4 * hour) };
    const plannedFrom = await findPlannedFrom({ statistics }, anEndpoint(), { window, now });
    expect(plannedFrom.getTime()).toBeLessThan(secondsLater(-80 * 24 * hour).getTime());
  });

  it('is long before the first hour that was not read', async () => {
    const next = secondsLater(7 * hour);
    const statistics = { listFirstHours: async () => ({ hours: [], next }) };
    const window = { after: secondsLater(4 * hour) };
    const plannedFrom = await findPlannedFrom({ statistics }, anEndpoint(), { window, now });
    expect(plannedFrom).toEqual(secondsLater((7 - 90 * 24) * hour));
  });
});
