import type { Counter, Delivery, GroupOwner, Log, ParkedGroupRepository, ParkedRow } from '@posthorn/core';
import type { ReceivedJobs } from '@posthorn/queues';

export interface ReadLowestDeps {
  readonly groups: Pick<ParkedGroupRepository, 'listParked' | 'deleteParked'>;
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  readonly log: Log;
  readonly counters: Counter;
}

interface Lowest {
  readonly item: Delivery;
  readonly place: string;
}

/** Returns the parked delivery at the lowest place: each one once, in their order. */
export type ReadLowest = () => Promise<Lowest | undefined>;

/** Parked deliveries are read so many at a time. Nobody else takes them while this worker has the group. */
const pageSize = 50;

/** A row that cannot be read goes to the dead letters as it is, and the group goes on without it. */
export function createReadLowest(deps: ReadLowestDeps, owner: GroupOwner): ReadLowest {
  let page: readonly ParkedRow[] = [];
  return async () => {
    for (;;) {
      if (page.length === 0) page = await deps.groups.listParked(owner, pageSize);
      const [row, ...rest] = page;
      page = rest;
      if (!row) return undefined;
      if ('delivery' in row) return { item: row.delivery, place: row.place };
      const { place, text, unreadable } = row;
      await deps.sendToDeadLetters({ id: `${owner.group}_${place}`, body: text, group: owner.group }, unreadable);
      await deps.groups.deleteParked(owner, place);
      deps.log.error('group.row_set_aside', { endpointId: owner.endpointId, group: owner.group, reason: unreadable });
      deps.counters.add('DeliveriesSetAside', 1);
    }
  };
}
