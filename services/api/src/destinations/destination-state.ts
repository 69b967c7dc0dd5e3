import type { DestinationOut } from '@posthorn/contracts/api/destination';
import type { Endpoint, ParkedGroupRepository, StoredGroup } from '@posthorn/core';

/** What a destination does, as its groups say. */
export type DestinationState = Pick<DestinationOut, 'status' | 'failureReason' | 'nextRetryAt'>;

const pageSize = 250;
/** At most so many groups are looked at, so that an answer takes a bounded time. */
const maxPages = 4;

/** The groups of a destination that wait or are blocked: the first 1,000. */
export async function readGroups(
  { listOfEndpoint }: Pick<ParkedGroupRepository, 'listOfEndpoint'>,
  endpointId: string,
): Promise<readonly StoredGroup[]> {
  const groups: StoredGroup[] = [];
  let after: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const found = await listOfEndpoint(endpointId, { limit: pageSize, ...(after !== undefined && { after }) });
    groups.push(...found.groups);
    after = found.next;
    if (after === undefined) break;
  }
  return groups;
}

/** The group that has been blocked for the longest time. */
export const oldestBlocked = (groups: readonly StoredGroup[]): StoredGroup | undefined =>
  earliest(
    groups.filter(({ state }) => state === 'blocked'),
    ({ since }) => since,
  );

/** `paused` if a group is blocked, `retrying` if one waits for a retry. */
export function stateOf({ disabled }: Pick<Endpoint, 'disabled'>, groups: readonly StoredGroup[]): DestinationState {
  const waiting = groups.filter(({ state, reason }) => state === 'waiting' && reason === 'retry');
  const next = earliest(waiting, ({ notBefore }) => notBefore ?? new Date(0))?.notBefore;
  const nextRetryAt = next?.toISOString() ?? null;
  if (disabled) return { status: 'disabled', failureReason: null, nextRetryAt: null };
  const blocked = oldestBlocked(groups);
  if (blocked) return { status: 'paused', failureReason: `${blocked.head}: ${texts[blocked.reason]}`, nextRetryAt };
  return { status: next ? 'retrying' : 'enabled', failureReason: null, nextRetryAt };
}

const texts: Readonly<Record<StoredGroup['reason'], string>> = {
  retry: 'waits for a retry',
  scheduled: 'waits for its planned time',
  throttled: 'waits for its turn',
  'endpoint-failing': 'waits until the destination has recovered',
  resumed: 'is attempted now',
  exhausted: 'all retries failed',
  'message-expired': 'the message has expired',
  'endpoint-disabled': 'the destination was disabled',
  fault: 'failed by an error in Posthorn itself',
};

const earliest = <Item>(items: readonly Item[], timeOf: (item: Item) => Date): Item | undefined =>
  items.toSorted((one, other) => timeOf(one).getTime() - timeOf(other).getTime())[0];
