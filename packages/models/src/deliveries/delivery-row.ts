import { hash } from 'node:crypto';
import {
  type AttemptRetention,
  type DeliveryKey,
  type DeliveryState,
  type DeliveryStatus,
  deliveryShards,
  endedStates,
  type ParkedPlace,
  type StoredDelivery,
  shardOf,
} from '@posthorn/core';
import { readDelivery, toDeliveryAttributes } from '../rows/delivery-attributes.ts';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import { ForeignRow, ifPresent, instantOf, type Row, textOf } from '../rows/row.ts';

/** A row's key: by the message, or by the place in the line of a group. */
export const deliveryKey = ({ endpointId, messageId, place }: DeliveryKey) =>
  place
    ? { line: lineOfGroup(endpointId, place.group), place: place.sequence }
    : { line: lineOfMessages(endpointId, shardOf(messageId, deliveryShards)), place: messageId };

const lineOfMessages = (endpointId: string, shard: number): string => `${endpointId}#${shard}`;

/** The partitions with the deliveries of an endpoint that are stored by their messages. */
export const linesOfMessages = (endpointId: string): readonly string[] =>
  Array.from({ length: deliveryShards }, (_, shard) => lineOfMessages(endpointId, shard));

/** The partition with the parked deliveries of a group, in their order. */
export const lineOfGroup = (endpointId: string, group: string): string =>
  `${endpointId}#group#${hash('sha256', group, 'hex').slice(0, 32)}`;

/** The index's partitions with the deliveries of an endpoint in this state. */
export const statePartitions = (endpointId: string, state: DeliveryState): readonly string[] =>
  Array.from({ length: deliveryShards }, (_, shard) => statePartition(endpointId, shard, state));

/** The index's partitions that a delivery is in when it has ended. */
export const endedPartitions = (delivery: Pick<DeliveryKey, 'endpointId' | 'messageId'>) =>
  endedStates.map((state) => partitionOf(delivery, state));

/** The index's partition that a delivery is in while it is in this state. */
export const partitionOf = (
  { endpointId, messageId }: Pick<DeliveryKey, 'endpointId' | 'messageId'>,
  state: DeliveryState,
) => statePartition(endpointId, shardOf(messageId, deliveryShards), state);

const statePartition = (endpointId: string, shard: number, state: DeliveryState): string =>
  `${endpointId}#${shard}#${state}`;

export const toDeliveryRow = (stored: StoredDelivery, { failureDays }: AttemptRetention): Row => {
  const { delivery, state, reason, since, place } = stored;
  const { endpointId, messageId } = delivery;
  return {
    ...deliveryKey({ endpointId, messageId, ...(place && { place }) }),
    ...toDeliveryAttributes(delivery),
    state: partitionOf(delivery, state),
    reason,
    group: place?.group,
    sequence: place?.sequence,
    since: since.toISOString(),
    expiresAt: expiryOfState(state, since, failureDays),
  };
};

/** An open row has none: a row that expires would leave no receipt. It leaves when its delivery ends. */
function expiryOfState(state: DeliveryState, since: Date, failureDays: number): number | undefined {
  if (!endedStates.some((ended) => ended === state)) return undefined;
  return toEpochSeconds(daysAfter(since, failureDays));
}

export function readStoredDelivery(row: Row): StoredDelivery {
  const place = ifPresent(row, 'group', readPlace);
  return {
    ...readStatus(row),
    delivery: readDelivery(row),
    since: instantOf(row, 'since'),
    ...(place && { place }),
  };
}

const readPlace = (row: Row): ParkedPlace => ({ group: textOf(row, 'group'), sequence: textOf(row, 'sequence') });

const reasons = {
  planned: ['retry', 'scheduled', 'throttled', 'endpoint-slow'],
  held: ['endpoint-failing'],
  parked: ['behind', 'retry', 'scheduled', 'throttled', 'endpoint-slow', 'endpoint-failing', 'blocked'],
  failed: ['exhausted', 'gone', 'aborted', 'skipped', 'set_aside'],
  canceled: ['endpoint_disabled', 'endpoint_deleted', 'message_expired'],
} as const satisfies {
  readonly [State in DeliveryState]: readonly Extract<DeliveryStatus, { state: State }>['reason'][];
};

function readStatus(row: Row): DeliveryStatus {
  const partition = textOf(row, 'state');
  const state = partition.slice(partition.lastIndexOf('#') + 1);
  const reason = textOf(row, 'reason');
  if (!Object.hasOwn(reasons, state)) throw new ForeignRow('state');
  const known: readonly string[] = reasons[state as DeliveryState];
  if (!known.includes(reason)) throw new ForeignRow('reason');
  // The reason is one of the state's.
  return { state, reason } as DeliveryStatus;
}
