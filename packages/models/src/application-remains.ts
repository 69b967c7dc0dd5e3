import { type Table, tableName } from '@posthorn/contracts';
import { type Application, dueShards } from '@posthorn/core';
import { emptyPartitions, type Progress } from './application-remains/empty-partitions.ts';
import { findDueRows, listDeletedEndpoints } from './application-remains/find-remains.ts';
import {
  partitionsOfApplication,
  partitionsOfEndpoint,
  partitionsOfMessages,
  throttlesOfApplication,
  throttlesOfEndpoint,
} from './application-remains/partitions.ts';
import { deleteRows } from './rows/delete-rows.ts';
import type { Row } from './rows/row.ts';
import { listEndpoints } from './statistics/list-hours.ts';
import type { Store } from './store.ts';

/**
 * How far the removal of an application is.
 * - `messages`: its messages, and what belongs to them
 * - `deleted`, `counted`: what is stored by its endpoints, found by what is left of deleted ones, and by the statistics
 * - `due`: deliveries and wakes in the table of what is due, shard by shard
 * - `rest`: statistics, other tasks, and what is left of endpoints
 */
export type RemovalPlace =
  | { readonly stage: 'messages' | 'rest' }
  | { readonly stage: 'deleted' | 'counted'; readonly after?: string }
  | { readonly stage: 'due'; readonly shard: number; readonly after?: string };

/** A part of the removal of an application whose row and endpoints are deleted. */
export interface Removal extends Pick<Application, 'applicationId'> {
  /** The task that does it. Its row stays. */
  readonly taskId: string;
  /** Where it begins. Absent: at the beginning. */
  readonly place?: RemovalPlace | undefined;
  /** Whether what leads to other rows is removed too. Before that, whoever may still add rows must have ended. */
  readonly isFinal: boolean;
  readonly hasTime: () => boolean;
}

export interface RemovedRows {
  readonly messages: number;
  readonly others: number;
  /** Where the next part begins. Absent: nothing is left. */
  readonly next?: RemovalPlace;
}

/** Removes up to about 2,000 rows. After a crash, the same part can be done again. */
export type RemoveApplicationRows = (removal: Removal) => Promise<RemovedRows>;

/** Queries and removed rows of one part, about. */
const usualUnits = 2_000;
const endpointsAtATime = 10;

export const createRemoveApplicationRows =
  (store: Store, maxUnits = usualUnits): RemoveApplicationRows =>
  async (removal) => {
    const { progress, counts } = createProgress(maxUnits, removal.hasTime);
    let place: RemovalPlace | undefined = removal.place ?? { stage: 'messages' };
    while (place && !progress.isSpent()) place = await goOn(store, removal, { place, progress });
    return { ...counts(), ...(place && { next: place }) };
  };

interface Step<Stage extends RemovalPlace['stage'] = RemovalPlace['stage']> {
  readonly place: Extract<RemovalPlace, { stage: Stage }>;
  readonly progress: Progress;
}

/** Does a step, and returns the place behind it. It is the same place if not all could be done. */
async function goOn(store: Store, removal: Removal, { place, progress }: Step): Promise<RemovalPlace | undefined> {
  const { applicationId, isFinal } = removal;
  switch (place.stage) {
    case 'messages': {
      const isEmpty = await emptyPartitions(store, partitionsOfMessages(store, applicationId, progress), progress);
      return isEmpty ? { stage: 'deleted' } : place;
    }
    case 'deleted': {
      const { after } = place;
      const found = await listDeletedEndpoints(store, applicationId, { after, limit: endpointsAtATime });
      const last = found.at(-1);
      if (!last) return { stage: 'counted' };
      const endpointIds = found.map(({ endpointId }) => endpointId);
      return (await emptyEndpoints(store, endpointIds, progress)) ? { stage: 'deleted', after: last.key } : place;
    }
    case 'counted': {
      const { after } = place;
      const table = { client: store.client, TableName: tableName(store.stage, 'statistics') };
      const page = { ...(after !== undefined && { after }), limit: endpointsAtATime };
      const endpointIds = await listEndpoints(table, applicationId, page);
      const last = endpointIds.at(-1);
      if (last === undefined) return isFinal ? { stage: 'due', shard: 0 } : undefined;
      return (await emptyEndpoints(store, endpointIds, progress)) ? { stage: 'counted', after: last } : place;
    }
    case 'due':
      return removeDue(store, applicationId, { place, progress });
    case 'rest':
      return (await removeRest(store, removal, progress)) ? undefined : place;
  }
}

async function emptyEndpoints(store: Store, endpointIds: readonly string[], progress: Progress): Promise<boolean> {
  if (!(await emptyPartitions(store, endpointIds.flatMap(partitionsOfEndpoint), progress))) return false;
  await deleteRows(store, tableName(store.stage, 'throttles'), endpointIds.flatMap(throttlesOfEndpoint));
  return true;
}

async function removeDue(
  store: Store,
  applicationId: string,
  { place: { shard, after }, progress }: Step<'due'>,
): Promise<RemovalPlace> {
  const { keys, next } = await findDueRows(store, applicationId, { shard, after });
  await deleteRows(store, tableName(store.stage, 'due-deliveries'), keys);
  progress.note('due-deliveries', keys);
  if (next !== undefined) return { stage: 'due', shard, after: next };
  return shard + 1 < dueShards ? { stage: 'due', shard: shard + 1 } : { stage: 'rest' };
}

/** The rows of endpoints go last: they lead to all that is stored by them. */
async function removeRest(store: Store, { applicationId, taskId }: Removal, progress: Progress): Promise<boolean> {
  await deleteRows(store, tableName(store.stage, 'throttles'), throttlesOfApplication(applicationId));
  return (
    (await emptyPartitions(store, partitionsOfApplication(applicationId, taskId), progress)) &&
    (await emptyPartitions(store, [{ table: 'endpoints', key: applicationId }], progress))
  );
}

function createProgress(maxUnits: number, hasTime: () => boolean) {
  let units = 0;
  let messages = 0;
  let others = 0;
  const note = (table: Table, removed: readonly Row[]): void => {
    units += 1 + removed.length;
    const ofMessages = table === 'messages' ? removed.filter(({ kind }) => kind === 'message').length : 0;
    messages += ofMessages;
    others += removed.length - ofMessages;
  };
  const progress: Progress = { isSpent: () => units >= maxUnits || !hasTime(), note };
  return { progress, counts: () => ({ messages, others }) };
}
