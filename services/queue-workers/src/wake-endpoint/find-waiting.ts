import type {
  Delivery,
  DeliveryRepository,
  Endpoint,
  ParkedGroupRepository,
  StoredDelivery,
  StoredGroup,
} from '@posthorn/core';
import type { WakesQueue } from '@posthorn/queues';
import { type SendHeldDeps, sendHeld } from './send-held.ts';

export interface FindWaitingDeps extends SendHeldDeps {
  readonly listDeliveries: DeliveryRepository['list'];
  readonly listGroups: ParkedGroupRepository['listOfEndpoint'];
  readonly sendWakes: WakesQueue['sendWakes'];
}

/** What waits for an endpoint to recover. */
export interface Waiting {
  readonly count: number;
  /** Sends it on. With `probe`, as the probe of the breaker in this epoch. */
  readonly send: (more?: Pick<Delivery, 'probe'>) => Promise<void>;
}

/** Finds held deliveries, oldest message first, or the groups of a destination that wait because it keeps failing. */
export async function findWaiting(deps: FindWaitingDeps, endpoint: Endpoint, limit: number): Promise<Waiting> {
  if (endpoint.order) {
    const groups = await listFailing(deps, endpoint, limit);
    return { count: groups.length, send: () => wakeGroups(deps, groups) };
  }
  const held = await listHeld(deps, endpoint, limit);
  return { count: held.length, send: (more) => sendHeld(deps, held, more) };
}

const listHeld = async (
  { listDeliveries, clock }: FindWaitingDeps,
  { endpointId }: Endpoint,
  limit: number,
): Promise<readonly StoredDelivery[]> =>
  (await listDeliveries(endpointId, { state: 'held', limit, direction: 'forward' }, clock())).items;

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
  const at = clock();
  await sendWakes(
    groups.map(({ organisationId, applicationId, endpointId, group, epoch }) => ({
      wake: { organisationId, applicationId, endpointId, group, epoch, at, slice: 0 },
    })),
  );
}
