import type { Page, PageRequest, TimeWindow } from '../paging/page.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryState, StoredDelivery } from './stored-delivery.ts';

/** Which deliveries of an endpoint to list. The window is of the times in their messages' ids; without one, all. */
export interface DeliveryQuery extends PageRequest, TimeWindow {
  readonly state: DeliveryState;
}

/** How many deliveries of an endpoint are stored. */
export interface DeliveryCounts {
  /** They wait, and were never tried. */
  readonly pending: number;
  /** An attempt failed, and another one follows. */
  readonly sending: number;
  /** They ended without an attempt. */
  readonly canceled: number;
  /** False if there are more than were counted. */
  readonly isComplete: boolean;
}

/**
 * Stores deliveries whose first attempt did not succeed, or that wait. The records of attempts are the truth about what
 * follows an attempt; these rows make it possible to find, count and end such deliveries.
 */
export interface DeliveryRepository {
  /**
   * Stores a delivery, unless what is stored is newer. May be repeated; a job that comes late changes nothing:
   * - a retry goes over a row of an earlier attempt, or of the same one if that was set aside: the job before it was put
   *   back,
   * - a delivery that waits, is canceled or set aside, over one of an earlier attempt, or of the same one if that has not
   *   ended or was set aside,
   * - a failed one, over one of the same or an earlier attempt.
   *
   * Returns `same` if the row says what was to be stored, and `superseded` if it says something newer: whoever stored
   * that has taken the delivery over. A parked delivery is stored under its place, the others under their message.
   */
  put(stored: StoredDelivery): Promise<'stored' | 'same' | 'superseded'>;
  /**
   * Stores `next` over `previous`, if that is still stored since the same time: so a delivery that another worker has taken
   * further, or that succeeded, stays as it is. A parked one leaves its line for the row of its message in the same
   * transaction; if its end is stored there already, it only leaves.
   */
  moveOn(previous: StoredDelivery, next: StoredDelivery): Promise<'stored' | 'changed'>;
  /** Deletes a delivery that succeeded. It is no error if it is not stored. */
  delete(stored: DeliveryKey): Promise<void>;
  /** Deletes a delivery if it has ended, because another attempt of it succeeded. One that goes on stays. */
  deleteEnded(delivery: Pick<Delivery, 'endpointId' | 'messageId'>): Promise<void>;
  /** Sees every write that finished before it began. A parked delivery is found by its place only. */
  find(delivery: DeliveryKey): Promise<StoredDelivery | undefined>;
  /** Finds many in this way, in few requests. They come in any order, and those that are not stored are left out. */
  findAll(
    deliveries: readonly DeliveryKey[],
    /** For half the price, it may not see a write of the last moment. */
    options?: { readonly mayBeStale: boolean },
  ): Promise<readonly StoredDelivery[]>;
  /** Finds a parked delivery without its place. May not see a write of the last moment. */
  findParked(delivery: Pick<Delivery, 'endpointId' | 'messageId'>): Promise<StoredDelivery | undefined>;
  /** Oldest message first. May not see a write of the last moment. */
  list(endpointId: string, query: DeliveryQuery, now: Date): Promise<Page<StoredDelivery>>;
  /** Counts up to `maxCountedDeliveries` of each state. May not see a write of the last moment. */
  count(endpointId: string, now: Date): Promise<DeliveryCounts>;
}

/** What a stored delivery is found by. */
export type DeliveryKey = Pick<Delivery, 'endpointId' | 'messageId'> & Pick<StoredDelivery, 'place'>;

/** The deliveries of an endpoint are spread over this many partitions, so that a busy endpoint can fail. */
export const deliveryShards = 16;

/** At most this many deliveries of each state are counted. */
export const maxCountedDeliveries = 10_000;
