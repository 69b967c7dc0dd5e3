import {
  type Delivery,
  type DueDeliveryRepository,
  deliveryIdOf,
  dueShards,
  dueTimeOf,
  shardOf,
  type UnreadableDueRow,
  type Wake,
} from '@posthorn/core';

/** Waiting deliveries in a map. */
export interface InMemoryDueDeliveries extends DueDeliveryRepository {
  /** Every waiting delivery. */
  all(): readonly Delivery[];
  /** Every waiting wake. */
  allWakes(): readonly Wake[];
  /** Every row that cannot be read. */
  allUnreadable(): readonly UnreadableDueRow[];
  /** Adds a row that cannot be read. It is due before all deliveries of its shard. */
  addUnreadable(row: UnreadableDueRow): void;
}

export function inMemoryDueDeliveries(): InMemoryDueDeliveries {
  const rows = new Map<string, Delivery>();
  const wakes = new Map<string, Wake>();
  const unreadable = new Map<string, UnreadableDueRow>();
  const shardOfDelivery = (delivery: Delivery) => shardOf(deliveryIdOf(delivery), dueShards);

  return {
    all: () => [...rows.values()],
    allWakes: () => [...wakes.values()],
    allUnreadable: () => [...unreadable.values()],
    addUnreadable: (row) => void unreadable.set(row.key, row),
    insert: async (delivery) => {
      rows.set(keyOf(delivery), delivery);
    },
    insertWake: async (wake) => {
      wakes.set(keyOfWake(wake), wake);
    },
    listDue: async (shard, before, limit, after = '') => {
      const due = [
        // Before all times.
        ...[...unreadable.values()].map((row) => ({ key: `!${row.key}`, shard: row.shard, row })),
        ...[...rows].map(([key, delivery]) => ({ key, shard: shardOfDelivery(delivery), delivery })),
        ...[...wakes].map(([key, wake]) => ({ key, shard: shardOfWake(wake), wake })),
      ]
        .filter(({ key, shard: own }) => own === shard && key > after && key < before.toISOString())
        .sort((one, other) => (one.key < other.key ? -1 : 1))
        .slice(0, limit);
      const last = due.length === limit ? due.at(-1) : undefined;
      return {
        deliveries: due.flatMap((row) => ('delivery' in row ? [row.delivery] : [])),
        wakes: due.flatMap((row) => ('wake' in row ? [row.wake] : [])),
        unreadable: due.flatMap((one) => ('row' in one ? [one.row] : [])),
        ...(last && { next: last.key }),
      };
    },
    delete: async (deliveries) => {
      for (const delivery of deliveries) rows.delete(keyOf(delivery));
    },
    deleteWakes: async (deleted) => {
      for (const wake of deleted) wakes.delete(keyOfWake(wake));
    },
    deleteUnreadable: async (deleted) => {
      for (const { key } of deleted) unreadable.delete(key);
    },
  };
}

const keyOf = (delivery: Delivery): string =>
  [dueTimeOf(delivery).toISOString(), deliveryIdOf(delivery), delivery.attemptNumber].join('#');

const shardOfWake = ({ endpointId, group = '' }: Wake): number => shardOf(`${endpointId}#${group}`, dueShards);

const keyOfWake = ({ at, endpointId, group = '', epoch }: Wake): string =>
  [at.toISOString(), endpointId, group, epoch].join('#');
