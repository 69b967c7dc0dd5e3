import type { BlockedGroup, ParkedGroupRepository, StoredGroup } from '@posthorn/core';

export type ReadGroupsDeps = Pick<ParkedGroupRepository, 'find' | 'listOfEndpoint' | 'listBlocked' | 'findNextRetry'>;

/** What the groups of a destination say about it. */
export interface GroupsSummary {
  /** The group that has been blocked for the longest time. */
  readonly oldestBlocked?: Pick<BlockedGroup, 'head' | 'reason' | 'detail'>;
  /** When the first group makes a retry. */
  readonly nextRetryAt?: Date;
}

/** A destination with at most so many groups that do not flow is read in one query, which sees every write before it. */
const pageSize = 250;
/** In a destination with more groups, the earliest retry is looked for among so many. */
const maxGroups = 10_000;

/** Summarizes the groups of a destination that do not flow, however many there are. */
export async function summarizeGroups(groups: ReadGroupsDeps, endpointId: string): Promise<GroupsSummary> {
  const first = await groups.listOfEndpoint(endpointId, { limit: pageSize });
  const retry = earliest(first.groups.filter(makesRetry), ({ notBefore }) => notBefore ?? new Date(0))?.notBefore;
  if (first.next === undefined) return toSummary(longestBlocked(first.groups), retry);
  const [blocked, laterRetry] = await Promise.all([
    groups.listBlocked(endpointId, 1),
    groups.findNextRetry(endpointId, { after: first.next, maxGroups }),
  ]);
  const retries = [retry, laterRetry].filter((at) => at !== undefined);
  return toSummary(
    blocked[0],
    earliest(retries, (at) => at),
  );
}

/** The index can be a moment behind: this many of its groups are compared with their rows. */
const maxBlockedRead = 20;

/** Finds the group that has been blocked for the longest time, as its row says. */
export async function findOldestBlocked(groups: ReadGroupsDeps, endpointId: string): Promise<StoredGroup | undefined> {
  const first = await groups.listOfEndpoint(endpointId, { limit: pageSize });
  if (first.next === undefined) return longestBlocked(first.groups);
  for (const { group } of await groups.listBlocked(endpointId, maxBlockedRead)) {
    const found = await groups.find({ endpointId, group });
    if (found?.state === 'blocked') return found;
  }
  return undefined;
}

/** Finds a group by its head among those that a query returns at once, and those that have been blocked for the longest time. */
export async function findByHead(
  groups: ReadGroupsDeps,
  endpointId: string,
  head: string,
): Promise<StoredGroup | undefined> {
  const first = await groups.listOfEndpoint(endpointId, { limit: pageSize });
  const found = first.groups.find((group) => group.head === head);
  if (found || first.next === undefined) return found;
  const blocked = (await groups.listBlocked(endpointId, pageSize)).find((group) => group.head === head);
  const row = blocked && (await groups.find(blocked));
  return row?.head === head ? row : undefined;
}

const toSummary = (
  oldestBlocked: GroupsSummary['oldestBlocked'],
  nextRetryAt: GroupsSummary['nextRetryAt'],
): GroupsSummary => ({ ...(oldestBlocked && { oldestBlocked }), ...(nextRetryAt && { nextRetryAt }) });

const longestBlocked = (groups: readonly StoredGroup[]): StoredGroup | undefined =>
  earliest(
    groups.filter(({ state }) => state === 'blocked'),
    ({ since }) => since,
  );

/** A group that waits until its destination has recovered makes a retry then. */
const makesRetry = ({ state, reason }: StoredGroup): boolean =>
  state === 'waiting' && (reason === 'retry' || reason === 'endpoint-failing');

const earliest = <Item>(items: readonly Item[], timeOf: (item: Item) => Date): Item | undefined =>
  items.toSorted((one, other) => timeOf(one).getTime() - timeOf(other).getTime())[0];
