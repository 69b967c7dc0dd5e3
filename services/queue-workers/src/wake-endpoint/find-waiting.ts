import type { Endpoint, ParkedGroupRepository, StoredGroup } from '@posthorn/core';
import type { WakesQueue } from '@posthorn/queues';
import { type FindHeldDeps, findHeld } from './find-held.ts';
import { type SendHeldDeps, sendHeld } from './send-held.ts';

export interface FindWaitingDeps extends SendHeldDeps, FindHeldDeps {
  readonly listGroups: ParkedGroupRepository['listOfEndpoint'];
  readonly sendWakes: WakesQueue['sendWakes'];
}

/** What waits for an endpoint to recover. */
export interface Waiting {
  /** Nothing waits. Otherwise there may be nothing to send either, while the index shows what was sent before. */
  readonly isOver: boolean;
  /** Sends it on. */
  readonly send: () => Promise<void>;
}

/** A held delivery. */
export interface Probe {
  /** Sends it as the probe of the breaker in this epoch. */
  readonly send: (epoch: number) => Promise<void>;
}

/**
 * Finds held deliveries, oldest message first. A destination has some too: those that a task has begun again beside its
 * groups. After them come its groups that wait because it keeps failing.
 */
export async function findWaiting(deps: FindWaitingDeps, endpoint: Endpoint, limit: number): Promise<Waiting> {
  const { held, isBehind } = await findHeld(deps, endpoint, limit);
  const left = limit - held.length;
  const groups = endpoint.order && left > 0 ? await listFailing(deps, endpoint, left) : [];
  return {
    isOver: held.length + groups.length === 0 && !isBehind,
    send: async () => {
      if (held.length > 0) await sendHeld(deps, held);
      await wakeGroups(deps, groups);
    },
  };
}

/** Finds the oldest held delivery, to be the probe of the breaker. */
export async function findProbe(deps: FindWaitingDeps, endpoint: Endpoint): Promise<Probe | undefined> {
  const { held } = await findHeld(deps, endpoint, 1);
  return held.length === 0 ? undefined : { send: (probe) => sendHeld(deps, held, { probe }) };
}

/**
 * Wakes a group of a destination whose head waits because the endpoint keeps failing: it is the probe if the time of one
 * has come. It would come by itself too, but only when the wait is over that it began with.
 */
export async function wakeOneGroup(deps: FindWaitingDeps, endpoint: Endpoint): Promise<void> {
  if (endpoint.order) await wakeGroups(deps, await listFailing(deps, endpoint, 1));
}

const groupsOfPage = 500;
/** A group behind so many others that wait for something else goes on when its own wait is over. */
const maxPages = 10;

async function listFailing(
  { listGroups }: FindWaitingDeps,
  { endpointId }: Endpoint,
  limit: number,
): Promise<readonly StoredGroup[]> {
  const found: StoredGroup[] = [];
  let after: string | undefined;
  for (let page = 0; page < maxPages && found.length < limit; page += 1) {
    const { groups, next } = await listGroups(endpointId, {
      limit: groupsOfPage,
      ...(after !== undefined && { after }),
    });
    found.push(...groups.filter(({ state, reason }) => state === 'waiting' && reason === 'endpoint-failing'));
    if (next === undefined) break;
    after = next;
  }
  return found.slice(0, limit);
}

/** A wake that is not sent comes when the wait of its group is over. */
async function wakeGroups({ sendWakes, clock }: FindWaitingDeps, groups: readonly StoredGroup[]): Promise<void> {
  if (groups.length === 0) return;
  const at = clock();
  await sendWakes(
    groups.map(({ organisationId, applicationId, endpointId, group, epoch }) => ({
      wake: { organisationId, applicationId, endpointId, group, epoch, at, slice: 0 },
    })),
  );
}
