import type { Delivery } from './delivery.ts';
import type { Wake } from './wake.ts';

/** Stores deliveries and wakes that wait for longer than a queue can delay them. */
export interface DueDeliveryRepository {
  /** Harmless if repeated: the row's key is the delivery's attempt and its due time. */
  insert(delivery: Delivery): Promise<void>;
  /** Harmless if repeated: the row's key is the wake's time, endpoint, group and epoch. */
  insertWake(wake: Wake): Promise<void>;
  /**
   * What is due in a shard (0 to `dueShards - 1`) before a time, the earliest first, at most `limit`. With the `next` of a
   * page, what is due behind that page.
   */
  listDue(shard: number, before: Date, limit: number, after?: string): Promise<DueDeliveries>;
  /** Deletes deliveries. The queue must have accepted them before. */
  delete(deliveries: readonly Delivery[]): Promise<void>;
  /** Deletes wakes. The queue must have accepted them before. */
  deleteWakes(wakes: readonly Wake[]): Promise<void>;
  /** Deletes rows that cannot be read. They must be in the dead-letter queue before. */
  deleteUnreadable(rows: readonly UnreadableDueRow[]): Promise<void>;
}

/** The rows of one `listDue`. Together they are at most `limit`. */
export interface DueDeliveries {
  readonly deliveries: readonly Delivery[];
  readonly wakes: readonly Wake[];
  readonly unreadable: readonly UnreadableDueRow[];
  /** Where the next page begins. Absent if there is none. */
  readonly next?: string;
}

/** A row that is neither a delivery nor a wake, so that it can be set aside without stopping the rows after it. */
export interface UnreadableDueRow {
  readonly shard: number;
  /** The row's sort key. */
  readonly key: string;
  /** The row as JSON. It holds ids and times only. */
  readonly text: string;
  /** Why it cannot be read. */
  readonly reason: string;
}

/** How many partitions the waiting deliveries are spread over. Each one is released by a bounded query of its own. */
export const dueShards = 8;
