import {
  type Clock,
  type Delivery,
  firstDeliveryOf,
  type GroupOwner,
  type Log,
  type MessageRepository,
  type ParkedGroupRepository,
  type ParkedRow,
  type Placed,
  timeOfId,
  UnusableData,
} from '@posthorn/core';

export interface ReadLowestDeps {
  readonly groups: Pick<ParkedGroupRepository, 'listParked'>;
  readonly findMessage: MessageRepository['find'];
  readonly clock: Clock;
  readonly log: Log;
}

/** Returns the parked delivery at the lowest place: each one once, in their order. */
export type ReadLowest = () => Promise<Placed | undefined>;

/** Parked deliveries are read so many at a time. Nobody else takes them while this worker has the group. */
const pageSize = 50;

export function createReadLowest(deps: ReadLowestDeps, owner: GroupOwner): ReadLowest {
  let page: readonly ParkedRow[] = [];
  return async () => {
    if (page.length === 0) page = await deps.groups.listParked(owner, pageSize);
    const [row, ...rest] = page;
    page = rest;
    if (!row) return undefined;
    return 'delivery' in row ? { item: row.delivery, place: row.place } : toUnreadable(deps, owner, row);
  };
}

/**
 * A row that cannot be read stays in its group. If it names its message, the delivery is known as fan-out planned it, so
 * that it can be set aside as a job.
 */
async function toUnreadable(
  deps: ReadLowestDeps,
  owner: GroupOwner,
  { place, unreadable: unusable, messageId }: Extract<ParkedRow, { unreadable: string }>,
): Promise<Placed> {
  const { endpointId, group } = owner;
  deps.log.error('group.row_unreadable', { endpointId, group, place, messageId, reason: unusable });
  if (messageId === undefined) {
    const item = deliveryOf(owner, `unreadable_${place}`, deps.clock());
    return { item, place, unreadable: { unusable, isNameless: true } };
  }
  return { item: await plannedOf(deps, owner, messageId), place, unreadable: { unusable } };
}

async function plannedOf({ findMessage, clock }: ReadLowestDeps, owner: GroupOwner, messageId: string) {
  try {
    const message = await findMessage(owner.applicationId, messageId, clock());
    if (message) return firstDeliveryOf(message, owner.endpointId);
  } catch (error) {
    if (!(error instanceof UnusableData)) throw error;
  }
  return deliveryOf(owner, messageId, timeOfId(messageId));
}

const deliveryOf = (
  { organisationId, applicationId, endpointId }: GroupOwner,
  messageId: string,
  scheduledAt: Date,
): Delivery => ({
  organisationId,
  applicationId,
  endpointId,
  messageId,
  attemptNumber: 1,
  scheduledAt,
  trigger: 'scheduled',
});
