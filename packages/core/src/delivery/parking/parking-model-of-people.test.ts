import { type Case, exploreCase, ifFull, itHolds } from './model/explore-case.ts';

const cases: readonly Case[] = [
  [{}, { skips: 1, copies: 1 }],
  [{}, { skips: 1, attemptsNow: 1 }],
  [{ asks: 'G' }, {}],
  [{ asks: 'D' }, { crashes: 1 }],
  [{}, { disables: 1, crashes: 1 }],
  [{ retries: 0 }, { disables: 1, deletions: 1 }],
  [{ retries: 0 }, { deletions: 1, crashes: 1 }],
  [{}, { putOffs: 1, attemptsNow: 1 }],
  [{}, { resends: 1, attemptsNow: 1 }],
  [{}, { resends: 1, crashes: 1 }],
  [{ retries: 0 }, { resends: 1, skips: 1 }],
  [{ retries: 0 }, { resends: 1, expiries: 1 }],
  [{}, { expiries: 1, crashes: 1 }],
  [{ policy: 'skip' }, { expiries: 1, copies: 1 }],
  [{ retries: 0 }, { damages: 1, crashes: 1 }],
  [{ policy: 'skip' }, { damages: 1, copies: 1 }],
  [{}, { damages: 1, attemptsNow: 1 }],
  [{}, { damages: 1, skips: 1 }],
  [{ retries: 0 }, { damages: 1, deletions: 1 }],
];

const largeCases: readonly Case[] = [
  [{}, { disables: 1, deletions: 1 }],
  [{}, { skips: 1, attemptsNow: 1, crashes: 1 }],
  [{ asks: 'G' }, { crashes: 1 }],
  [{}, { deletions: 1, disables: 1, crashes: 1 }],
  [{ policy: 'skip' }, { damages: 1, copies: 1, crashes: 1 }],
  [{}, { damages: 1, deletions: 1, crashes: 1 }],
];

describe('a parked group, whatever people do and whatever becomes of its data,', () => {
  itHolds([...cases, ...ifFull(largeCases)]);

  it.each<Case>([
    [{ without: 'second-look' }, { disables: 1 }],
    [{ without: 'second-sweep' }, { deletions: 1 }],
    [
      { messages: 1, retries: 0, without: 'look-for-endpoint' },
      { damages: 1, deletions: 1 },
    ],
  ])('does not keep that with %j', (rules, faults) => {
    expect(exploreCase([rules, faults]).problem).not.toEqual([]);
  });
});
