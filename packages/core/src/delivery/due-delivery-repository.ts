import type { Delivery } from './delivery.ts';

/** Where deliveries wait whose next attempt is further off than a queue can delay it. */
export interface DueDeliveryRepository {
  /** Harmless when repeated: the row's key is the delivery's attempt and its `scheduledAt`. */
  insert(delivery: Delivery): Promise<void>;
  /** The earliest deliveries of a shard (0 to `dueShards - 1`) that are due before a time, at most `limit`. */
  listDue(shard: number, before: Date, limit: number): Promise<readonly Delivery[]>;
  /** Called once the queue has them. */
  delete(deliveries: readonly Delivery[]): Promise<void>;
}

/** Over how many partitions the waiting deliveries are spread: each is released by a bounded query of its own. */
export const dueShards = 8;
