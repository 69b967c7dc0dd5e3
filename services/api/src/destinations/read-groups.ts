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
/** So many groups are looked at to summarize some destinations: in those with more, a retry can be missed. */
const maxGroups = 10_000;

/** Summarizes the groups of destinations that do not flow. The destinations share the groups that are looked at. */
export async function summarizeGroups(
  groups: ReadGroupsDeps,
  endpointIds: readonly string[],
): Promise<readonly GroupsSummary[]> {
  const limit = Math.min(pageSize, Math.max(1, Math.floor(maxGroups / endpointIds.length)));
  const pages = await Promise.all(endpointIds.map((endpointId) => groups.listOfEndpoint(endpointId, { limit })));
  const groupsLeft = maxGroups - pages.reduce((sum, page) => sum + page.groups.length, 0);
  const unfinished = pages.filter(({ next }) => next !== undefined).length;
  const share = Math.floor(groupsLeft / Math.max(1, unfinished));
  return Promise.all(
    endpointIds.map((endpointId, index) => summarize(groups, { endpointId, first: pages[index], maxGroups: share })),
  );
}

interface Reading {
  readonly endpointId: string;
  readonly first: Awaited<ReturnType<ReadGroupsDeps['listOfEndpoint']>> | undefined;
  /** How many groups behind the first ones are looked at. */
  readonly maxGroups: number;
}

async function summarize(
  groups: ReadGroupsDeps,
  { endpointId, first = { groups: [] }, maxGroups: maxLater }: Reading,
): Promise<GroupsSummary> {
  const retry = earliest(first.groups.filter(makesRetry), ({ notBefore }) => notBefore ?? new Date(0))?.notBefore;
  if (first.next === undefined) return toSummary(longestBlocked(first.groups), retry);
  const search = { after: first.next, maxGroups: maxLater };
  const [blocked, laterRetry] = await Promise.all([
    groups.listBlocked(endpointId, 1),
    maxLater > 0 ? groups.findNextRetry(endpointId, search) : undefined,
  ]);
  const retries = [retry, laterRetry].filter((at) => at !== undefined);
  return toSummary(
    // The index may not have a change of the last moment.
    blocked[0] ?? longestBlocked(first.groups),
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
