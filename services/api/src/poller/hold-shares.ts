/** How many polls are held at a time: each is an open connection. */
interface HoldLimits {
  readonly total: number;
  readonly ofOrganisation: number;
  readonly ofApplication: number;
  /** By tokens of applications, of all applications of an organisation together. The rest is for its own tokens. */
  readonly byApplicationTokens: number;
  /** By tokens of one application. */
  readonly byApplicationToken: number;
}

/**
 * An organisation has half of the connections that an address may have by default. So a program that holds all of its
 * polls can still send other requests.
 */
export const holdLimits: HoldLimits = {
  total: 1_024,
  ofOrganisation: 128,
  ofApplication: 64,
  byApplicationTokens: 64,
  byApplicationToken: 8,
};

/** Whose poll is held. */
export interface HoldOwner {
  readonly organisationId: string;
  readonly applicationId: string;
  /** Whose token it is: that of the organisation, or of the application. */
  readonly by: 'organisation' | 'application';
}

/**
 * Takes a place for a poll to be held. Returns how to give it back, or nothing if there is none.
 *
 * @param displace - is called if the place goes to another owner. It is given back then
 */
export type TakeHold = (owner: HoldOwner, displace: () => void) => (() => void) | undefined;

interface Hold {
  readonly owner: HoldOwner;
  readonly displace: () => void;
}

/** Places that are divided among owners. */
interface Share {
  readonly limit: number;
  readonly holds: readonly Hold[];
  /** Who divides them: those with the same name are one. */
  readonly nameOf: (owner: HoldOwner) => string;
}

/**
 * Divides the places for held polls. All organisations share the total, and the applications of an organisation share its
 * places. If such a share is used up, an owner that has fewer than another one gets the oldest place of the owner that has
 * most. So nobody can keep all places.
 */
export function createHoldShares(limits: HoldLimits = holdLimits): TakeHold {
  // In the order in which they were taken.
  const held = new Set<Hold>();
  return (owner, displace) => {
    const ofApplication = [...held].filter((hold) => hold.owner.applicationId === owner.applicationId);
    const byToken = ofApplication.filter((hold) => hold.owner.by === 'application');
    if (ofApplication.length >= limits.ofApplication) return undefined;
    if (owner.by === 'application' && byToken.length >= limits.byApplicationToken) return undefined;
    for (let full = findFull(held, owner, limits); full; full = findFull(held, owner, limits)) {
      const oldest = oldestOfLargest(full, owner);
      if (!oldest) return undefined;
      held.delete(oldest);
      oldest.displace();
    }
    const hold: Hold = { owner, displace };
    held.add(hold);
    return () => void held.delete(hold);
  };
}

/** The smallest share that has no place left. */
function findFull(held: ReadonlySet<Hold>, owner: HoldOwner, limits: HoldLimits): Share | undefined {
  const all = [...held];
  const ofOrganisation = all.filter((hold) => hold.owner.organisationId === owner.organisationId);
  const byTokens = ofOrganisation.filter((hold) => hold.owner.by === 'application');
  const nameOf = ({ applicationId }: HoldOwner) => applicationId;
  const shares: readonly Share[] = [
    ...(owner.by === 'application' ? [{ limit: limits.byApplicationTokens, holds: byTokens, nameOf }] : []),
    { limit: limits.ofOrganisation, holds: ofOrganisation, nameOf },
    { limit: limits.total, holds: all, nameOf: ({ organisationId }) => organisationId },
  ];
  return shares.find(({ limit, holds }) => holds.length >= limit);
}

/** Nothing if nobody would still have as many places as the owner would. */
function oldestOfLargest({ holds, nameOf }: Share, owner: HoldOwner): Hold | undefined {
  const byName = Map.groupBy(holds, (hold) => nameOf(hold.owner));
  const own = byName.get(nameOf(owner))?.length ?? 0;
  const [largest = []] = [...byName.values()].toSorted((one, other) => other.length - one.length);
  return largest.length > own + 1 ? largest[0] : undefined;
}
