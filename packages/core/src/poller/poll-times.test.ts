import { keptUntil, needsRefresh } from './poll-times.ts';

const now = new Date('2026-01-01T00:00:00Z');
const hoursLater = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

describe('the log of an application that is polled', () => {
  it('is kept for 30 days after a poll', () => {
    expect(keptUntil(now)).toEqual(new Date('2026-01-31T00:00:00Z'));
  });

  it.each([
    ['at once', 0, false],
    ['within a day', 24, false],
    ['after a day', 25, true],
    ['after it is forgotten', 24 * 31, true],
  ])('is asked for again: %s', (_, hours, expected) => {
    expect(needsRefresh(keptUntil(now), hoursLater(hours))).toBe(expected);
  });
});
