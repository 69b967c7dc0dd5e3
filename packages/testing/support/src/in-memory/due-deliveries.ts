import {
  type Delivery,
  type DueDeliveryRepository,
  deliveryIdOf,
  dueShards,
  dueTimeOf,
  shardOf,
  type UnreadableDueRow,
} from '@posthorn/core';

/** Waiting deliveries in a map. */
export interface InMemoryDueDeliveries extends DueDeliveryRepository {
  /** Every waiting delivery. */
  all(): readonly Delivery[];
  /** Every row that cannot be read. */
  allUnreadable(): readonly UnreadableDueRow[];
  /** Adds a row that cannot be read. It is due before all deliveries of its shard. */
  addUnreadable(row: UnreadableDueRow): void;
}

export function inMemoryDueDeliveries(): InMemoryDueDeliveries {
  const rows = new Map<string, Delivery>();
  const unreadable = new Map<string, UnreadableDueRow>();
  const shardOfDelivery = (delivery: Delivery) => shardOf(deliveryIdOf(delivery), dueShards);

  return {
    all: () => [...rows.values()],
    allUnreadable: () => [...unreadable.values()],
    addUnreadable: (row) => void unreadable.set(row.key, row),
    insert: async (delivery) => {
      rows.set(keyOf(delivery), delivery);
    },
    listDue: async (shard, before, limit) => {
      const first = [...unreadable.values()].filter((row) => row.shard === shard).slice(0, limit);
      const deliveries = [...rows.entries()]
        .filter(([, delivery]) => shardOfDelivery(delivery) === shard && dueTimeOf(delivery) < before)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, limit - first.length)
        .map(([, delivery]) => delivery);
      return { deliveries, unreadable: first };
    },
    delete: async (deliveries) => {
      for (const delivery of deliveries) rows.delete(keyOf(delivery));
    },
    deleteUnreadable: async (deleted) => {
      for (const { key } of deleted) unreadable.delete(key);
    },
  };
}

const keyOf = (delivery: Delivery): string =>
  [dueTimeOf(delivery).toISOString(), deliveryIdOf(delivery), delivery.attemptNumber].join('#');
