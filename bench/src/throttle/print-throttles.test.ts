import { verdictOf } from './print-throttles.ts';

const limit = { of: 'endpoint', rate: 50 } as const;

it.each([
  [{ limit, most: 550, fewest: 450 }, 'met'],
  [{ limit, most: 551, fewest: 450 }, 'MISSED'],
  [{ limit, most: 500, fewest: 449 }, 'MISSED'],
  [{ limit, most: 500 }, 'not known'],
  [{ limit, most: 551 }, 'MISSED'],
  [{ limit: { ...limit, within: 60 }, most: 500, fewest: 100 }, 'met (at most)'],
] as const)('a limit that let through %j is %s', (figures, verdict) => {
  expect(verdictOf(figures)).toBe(verdict);
});
