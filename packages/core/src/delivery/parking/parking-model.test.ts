import { type Case, exploreCase, ifFull, itHolds } from './model/explore-case.ts';

const cases: readonly Case[] = [
  [{ messages: 4 }, { crashes: 1, copies: 1 }],
  [{ messages: 4, policy: 'skip' }, { copies: 1 }],
  [{ messages: 3, retries: 2 }, { crashes: 1 }],
  [{}, { crashes: 2 }],
  [{}, { lostLocks: 1, crashes: 1 }],
  [{ policy: 'skip' }, { copies: 1, crashes: 1 }],
  [{ dropsRepeatedWakes: false }, { crashes: 1, repeatedWakes: 1, earlyWakes: 1, noTime: 1 }],
  [{}, { crashes: 1, repeatedWakes: 1, earlyWakes: 1, noTime: 1 }],
  [{ messages: 3, isScheduled: true }, { crashes: 1 }],
  [{}, { putOffs: 1, crashes: 1 }],
  [{ asks: 'A' }, { copies: 1, crashes: 1 }],
];

const largeCases: readonly Case[] = [
  [
    { messages: 4, policy: 'skip' },
    { copies: 1, crashes: 1 },
  ],
  [{ messages: 4 }, { crashes: 2, copies: 1 }],
  [{ messages: 4 }, { lostLocks: 1 }],
  [{ messages: 3 }, { lostLocks: 1, crashes: 1 }],
  [{}, { lostLocks: 1, crashes: 1, copies: 1 }],
  [{ policy: 'skip' }, { lostLocks: 1, copies: 1 }],
  [{ messages: 3 }, { putOffs: 2, lostLocks: 1 }],
];

describe('a parked group, whatever happens to its workers and jobs,', () => {
  itHolds([...cases, ...ifFull(largeCases)]);

  it.each<Case>([
    [{ without: 'counts' }, { lostLocks: 1 }],
    [{ without: 'epochs' }, { lostLocks: 1 }],
    [{ without: 'wakes-with-rows' }, {}],
  ])('does not keep that with %j', (rules, faults) => {
    expect(exploreCase([rules, faults]).problem).not.toEqual([]);
  });
});
