import type { Delivery } from '../delivery.ts';
import type { GroupChange, GroupReason, ParkedGroup } from './parked-group.ts';

/** What a group is found by: its endpoint, and its name on the FIFO queue. */
export interface GroupKey {
  readonly endpointId: string;
  readonly group: string;
}

/** A group, and whose it is. */
export interface GroupOwner extends GroupKey {
  readonly organisationId: string;
  readonly applicationId: string;
}

/** A group with its row. */
export interface StoredGroup extends ParkedGroup, GroupOwner {
  /** When it got into its state. */
  readonly since: Date;
}

/** A group that is blocked, and what blocks it. */
export interface BlockedGroup extends GroupKey {
  readonly head: string;
  readonly reason: GroupReason;
  /** Why the data of its head cannot be used, if that is the reason. */
  readonly detail?: string;
  /** Since when. */
  readonly since: Date;
}

/** A change of a group, with what is written together with it. */
export interface GroupWrite {
  readonly owner: GroupOwner;
  readonly to: GroupChange;
  /** The head, at its next attempt. */
  readonly delivery?: Delivery;
  /** When a wake for the new epoch comes. */
  readonly wakeAt?: Date;
  readonly now: Date;
}

/** A parked delivery. A row that cannot be read is a value: its group is blocked by it. It may still name its message. */
export type ParkedRow =
  | { readonly place: string; readonly delivery: Delivery }
  | { readonly place: string; readonly unreadable: string; readonly messageId?: string };

/** One page of the groups of an endpoint. */
export interface GroupPage {
  readonly groups: readonly StoredGroup[];
  /** The name to go on after. Absent at the end. */
  readonly next?: string;
}

/**
 * Stores groups that wait or are blocked, and the deliveries parked in them. Reads see every write that finished before
 * they began. `refused`: the group is not what the write expects, and nothing was written.
 */
export interface ParkedGroupRepository {
  find(key: GroupKey): Promise<StoredGroup | undefined>;
  /** Puts a group that flows, with its head and its wake. Refused if it has a row. */
  open(write: GroupWrite & { readonly delivery: Delivery }): Promise<'done' | 'refused'>;
  /** Changes a group, its head and its wake. Refused if the group is not at the epoch `from`. */
  move(write: GroupWrite & { readonly from: number }): Promise<'done' | 'refused'>;
  /** Parks a delivery behind the others. Refused if the group has no row. Repeating it changes nothing. */
  park(parked: {
    readonly group: string;
    readonly place: string;
    readonly delivery: Delivery;
    readonly now: Date;
  }): Promise<'done' | 'refused'>;
  /** Refused if the group has another epoch, or if something was parked since it was read. */
  delete(key: GroupKey, seen: { readonly epoch: number; readonly parks: number }): Promise<'done' | 'refused'>;
  /** The deliveries at the lowest places. */
  listParked(key: GroupKey, limit: number): Promise<readonly ParkedRow[]>;
  deleteParked(key: GroupKey, place: string): Promise<void>;
  listOfEndpoint(endpointId: string, page: { readonly after?: string; readonly limit: number }): Promise<GroupPage>;
  /** The groups that have been blocked for the longest time, the oldest one first. May not see a change of the last moment. */
  listBlocked(endpointId: string, limit: number): Promise<readonly BlockedGroup[]>;
  /**
   * The earliest time at which a group makes a retry. At most `maxGroups` are looked at, from the one after `after` on. May
   * not see a change of the last moment.
   */
  findNextRetry(
    endpointId: string,
    search: { readonly after?: string; readonly maxGroups: number },
  ): Promise<Date | undefined>;
  /** The groups in which a message is parked. May not see a change of the last moment. */
  listGroupsOf(delivery: Pick<Delivery, 'endpointId' | 'messageId'>): Promise<readonly string[]>;
}
