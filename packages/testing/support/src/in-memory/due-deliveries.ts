import { type Delivery, type DueDeliveryRepository, deliveryIdOf, dueShards, shardOf } from '@posthorn/core';

/** Waiting deliveries in a map. `all` answers everything that waits. */
export function inMemoryDueDeliveries(): DueDeliveryRepository & { all(): readonly Delivery[] } {
  const rows = new Map<string, Delivery>();
  const shardOfDelivery = (delivery: Delivery) => shardOf(deliveryIdOf(delivery), dueShards);

  return {
    all: () => [...rows.values()],
    insert: async (delivery) => {
      rows.set(keyOf(delivery), delivery);
    },
    listDue: async (shard, before, limit) =>
      [...rows.entries()]
        .filter(([, delivery]) => shardOfDelivery(delivery) === shard && delivery.scheduledAt < before)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, limit)
        .map(([, delivery]) => delivery),
    delete: async (deliveries) => {
      for (const delivery of deliveries) rows.delete(keyOf(delivery));
    },
  };
}

const keyOf = (delivery: Delivery): string =>
  [delivery.scheduledAt.toISOString(), deliveryIdOf(delivery), delivery.attemptNumber].join('#');
