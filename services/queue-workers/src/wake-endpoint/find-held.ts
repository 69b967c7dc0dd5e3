import type { Clock, DeliveryRepository, Endpoint, StoredDelivery } from '@posthorn/core';

export interface FindHeldDeps {
  readonly listDeliveries: DeliveryRepository['list'];
  readonly findDeliveries: DeliveryRepository['findAll'];
  readonly clock: Clock;
}

export interface HeldDeliveries {
  /** Oldest message first. */
  readonly held: readonly StoredDelivery[];
  /** The index shows deliveries that are no longer held: more may be held than was found. */
  readonly isBehind: boolean;
}

/** A short page would be full of what the index shows too long. */
const smallestPage = 100;
/** An index that is seconds behind shows what several steps have sent: 200 deliveries each. */
const maxPages = 5;

/**
 * Finds up to `limit` deliveries that are held. The index that lists them can be behind, and then it shows deliveries that
 * the step before has sent. So what it shows is read again by its keys, consistently and up to 100 in a request: that
 * takes one read unit for each, and to move a delivery on takes two write units.
 */
export async function findHeld(deps: FindHeldDeps, endpoint: Endpoint, limit: number): Promise<HeldDeliveries> {
  const held: StoredDelivery[] = [];
  let isBehind = false;
  let iterator: string | undefined;
  for (let page = 0; page < maxPages && held.length < limit; page += 1) {
    const wanted = Math.max(limit - held.length, smallestPage);
    const listed = await deps.listDeliveries(
      endpoint.endpointId,
      { state: 'held', limit: wanted, direction: 'forward', ...(iterator !== undefined && { iterator }) },
      deps.clock(),
    );
    const found = await readAgain(deps, listed.items);
    held.push(...found);
    isBehind ||= found.length < listed.items.length;
    iterator = listed.resumeAt ?? listed.items.at(-1)?.delivery.messageId;
    if (listed.done) break;
  }
  return { held: held.slice(0, limit), isBehind };
}

/** Those that are still held, as they are stored now, in the order of the list. */
async function readAgain(
  { findDeliveries }: FindHeldDeps,
  listed: readonly StoredDelivery[],
): Promise<readonly StoredDelivery[]> {
  if (listed.length === 0) return [];
  const stored = await findDeliveries(listed.map(({ delivery }) => delivery));
  const heldBy = new Map(stored.filter(isHeld).map((one) => [one.delivery.messageId, one]));
  return listed.flatMap(({ delivery }) => heldBy.get(delivery.messageId) ?? []);
}

const isHeld = ({ state }: StoredDelivery): boolean => state === 'held';
