import { explore } from './model/explore.ts';
import { type Budget, newWorld, noFaults, type Rules } from './model/world.ts';

const isFull = process.env.TEST_SIZE === 'full';

type Case = readonly [rules: Partial<Rules>, faults: Partial<Budget>];

/**
 * Each case: the rules of the group, and how often each fault can happen. Every order in which two workers, the queue,
 * the clock, people and these faults can act is explored.
 */
const cases: readonly Case[] = [
  [{ messages: 4 }, {}],
  [{ messages: 4 }, { crashes: 1 }],
  [{ messages: 4, policy: 'skip' }, { copies: 1 }],
  [{ messages: 3, retries: 2 }, { crashes: 1 }],
  [{}, { crashes: 2 }],
  [{}, { lostLocks: 1, crashes: 1 }],
  [{}, { copies: 1, crashes: 1 }],
  [{ policy: 'skip' }, { copies: 1, crashes: 1 }],
  [{ dropsRepeatedWakes: false }, { crashes: 1, repeatedWakes: 1, earlyWakes: 1, noTime: 1 }],
  [{}, { crashes: 1, repeatedWakes: 1, earlyWakes: 1, noTime: 1 }],
  [{}, { skips: 1, copies: 1 }],
  [{}, { skips: 1, attemptsNow: 1 }],
  [{ mayBeGone: true }, {}],
  [{}, { disables: 1, crashes: 1 }],
  [{}, { disables: 1, deletions: 1 }],
  [{ retries: 0 }, { deletions: 1, crashes: 1 }],
];

const largeCases: readonly Case[] = [
  [{ messages: 4 }, { crashes: 2, copies: 1 }],
  [{ messages: 4 }, { lostLocks: 1 }],
  [{ messages: 3 }, { lostLocks: 1, crashes: 1 }],
  [{}, { lostLocks: 1, crashes: 1, copies: 1 }],
  [{ policy: 'skip' }, { lostLocks: 1, copies: 1 }],
  [{}, { skips: 1, attemptsNow: 1, crashes: 1 }],
  [{ mayBeGone: true }, { crashes: 1 }],
  [{}, { deletions: 1, disables: 1, crashes: 1 }],
];

const rules: Rules = { messages: 2, retries: 1, policy: 'block', mayBeGone: false, dropsRepeatedWakes: true };
const exploreCase = ([given, faults]: Case) => explore(newWorld({ ...noFaults, ...faults }), { ...rules, ...given });

describe('a parked group', () => {
  it.each(isFull ? [...cases, ...largeCases] : cases)(
    'keeps its order, loses nothing and always ends, with %j and the faults %j',
    (given, faults) => {
      const { problem, ends, worlds } = exploreCase([given, faults]);
      process.stdout.write(`${worlds} worlds, ${ends} of them are ends: ${JSON.stringify({ ...given, ...faults })}\n`);
      expect(problem).toEqual([]);
      expect(ends).toBeGreaterThan(0);
    },
    10 * 60_000,
  );

  it.each<Case>([
    [{ without: 'counts' }, { lostLocks: 1 }],
    [{ without: 'epochs' }, { lostLocks: 1 }],
    [{ without: 'second-look' }, { disables: 1 }],
    [{ without: 'second-sweep' }, { deletions: 1 }],
    [{ without: 'wakes-with-rows' }, {}],
  ])('does not keep that with %j', (given, faults) => {
    expect(exploreCase([given, faults]).problem).not.toEqual([]);
  });
});
