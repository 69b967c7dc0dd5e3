/** How many polls are held at a time: each is an open connection. */
interface HoldLimits {
  readonly total: number;
  readonly ofOrganisation: number;
  readonly ofApplication: number;
}

export const holdLimits: HoldLimits = { total: 1_024, ofOrganisation: 256, ofApplication: 64 };

/** Whose poll is held. */
export interface HoldOwner {
  readonly organisationId: string;
  readonly applicationId: string;
}

/** Takes a place for a poll to be held. Returns how to give it back, or nothing if there is none. */
export type TakeHold = (owner: HoldOwner) => (() => void) | undefined;

/** Divides the places for held polls, so that nobody can take those of all others. */
export function createHoldShares(limits: HoldLimits = holdLimits): TakeHold {
  const held = new Map<string, number>();
  const count = (name: string): number => held.get(name) ?? 0;
  const add = (name: string, change: 1 | -1): void => {
    const next = count(name) + change;
    if (next === 0) held.delete(name);
    else held.set(name, next);
  };
  return ({ organisationId, applicationId }) => {
    const places = [
      ['all', limits.total],
      [organisationId, limits.ofOrganisation],
      [applicationId, limits.ofApplication],
    ] as const;
    if (places.some(([name, limit]) => count(name) >= limit)) return undefined;
    for (const [name] of places) add(name, 1);
    return () => {
      for (const [name] of places) add(name, -1);
    };
  };
}
