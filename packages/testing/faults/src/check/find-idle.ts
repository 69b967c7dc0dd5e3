import { type Event, ofKind } from '../history/event.ts';
import { nameOfKill } from '../history/fault-names.ts';
import type { Violation } from './violation.ts';

/** Counts how often each fault happened, by its name. */
function countFaults(history: readonly Event[]): ReadonlyMap<string, number> {
  const names = [
    ...ofKind(history, 'fault').map(({ fault }) => fault),
    ...ofKind(history, 'killed').map(({ step }) => nameOfKill(step)),
  ];
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length]));
}

/** Finds planned faults that did not happen. What did not go wrong shows nothing. */
export function findIdle(history: readonly Event[]): readonly Violation[] {
  const counts = countFaults(history);
  return ofKind(history, 'planned').flatMap(({ fault, least }) => {
    const count = counts.get(fault) ?? 0;
    if (count >= least) return [];
    return [{ promise: 'did-not-happen' as const, what: `${fault}: ${count} times, of at least ${least}` }];
  });
}

/** How many faults of each kind happened. Kills and moves of the clock are one kind each. */
export function countKinds(history: readonly Event[]): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const [name, count] of countFaults(history)) {
    const kind = /^(kill|clock): /.exec(name)?.[1] ?? name;
    kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  return kinds;
}
