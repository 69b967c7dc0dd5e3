import { type Exploration, explore } from './explore.ts';
import { type Budget, newWorld, noFaults, type Rules } from './world.ts';

/**
 * The rules of the group, and how often each fault can happen. Every order in which two workers, the queue, the clock,
 * people and these faults can act is explored.
 */
export type Case = readonly [rules: Partial<Rules>, faults: Partial<Budget>];

const usual: Rules = { messages: 2, retries: 1, policy: 'block', dropsRepeatedWakes: true };

export const exploreCase = ([rules, faults]: Case): Exploration =>
  explore(newWorld({ ...noFaults, ...faults }), { ...usual, ...rules });

/** Checks that a group keeps its order, loses nothing and always ends, and prints how many worlds were explored. */
export function itHolds(cases: readonly Case[]): void {
  it.each(cases)(
    'keeps its order, loses nothing and always ends, with %j and the faults %j',
    (rules, faults) => {
      const { problem, ends, worlds } = exploreCase([rules, faults]);
      process.stdout.write(`${worlds} worlds, ${ends} of them are ends: ${JSON.stringify({ ...rules, ...faults })}\n`);
      expect(problem).toEqual([]);
      expect(ends).toBeGreaterThan(0);
    },
    10 * 60_000,
  );
}

/** Cases for the full test only. */
export const ifFull = (cases: readonly Case[]): readonly Case[] => (process.env.TEST_SIZE === 'full' ? cases : []);
