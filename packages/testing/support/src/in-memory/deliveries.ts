import {
  type DeliveryKey,
  type DeliveryRepository,
  endedStates,
  lowestIdAt,
  type StoredDelivery,
  wasTried,
} from '@posthorn/core';
import { pageOf } from './page-of.ts';

/** Stored deliveries in a map. `all` returns every one of them. */
export function inMemoryDeliveries(): DeliveryRepository & { all(): readonly StoredDelivery[] } {
  const rows = new Map<string, StoredDelivery>();
  const ofEndpoint = (endpointId: string) =>
    [...rows.values()].filter(({ delivery }) => delivery.endpointId === endpointId);

  return {
    all: () => [...rows.values()],
    put: async (stored) => {
      const key = keyOf({ ...stored.delivery, ...(stored.place && { place: stored.place }) });
      const before = rows.get(key);
      if (before && !goesOver(before, stored)) return isSame(before, stored) ? 'same' : 'superseded';
      rows.set(key, stored);
      return 'stored';
    },
    moveOn: async (previous, next) => {
      const key = keyOf({ ...previous.delivery, ...(previous.place && { place: previous.place }) });
      const before = rows.get(key);
      if (before?.state !== previous.state || before.since.getTime() !== previous.since.getTime()) return 'changed';
      rows.delete(key);
      const other = rows.get(keyOf(next.delivery));
      if (!other || goesOver(other, next)) rows.set(keyOf(next.delivery), next);
      return 'stored';
    },
    delete: async (key) => {
      rows.delete(keyOf(key));
    },
    deleteEnded: async (delivery) => {
      const stored = rows.get(keyOf(delivery));
      if (stored && hasEnded(stored)) rows.delete(keyOf(delivery));
    },
    find: async (key) => rows.get(keyOf(key)),
    findAll: async (keys) => keys.flatMap((key) => rows.get(keyOf(key)) ?? []),
    findParked: async ({ endpointId, messageId }) =>
      ofEndpoint(endpointId).find(({ state, delivery }) => state === 'parked' && delivery.messageId === messageId),
    list: async (endpointId, { state, after, before, ...page }) => {
      const from = after ? lowestIdAt('message', after) : '';
      const to = before ? lowestIdAt('message', before) : '~';
      const listed = ofEndpoint(endpointId).filter(
        ({ delivery: { messageId }, ...stored }) => stored.state === state && messageId >= from && messageId < to,
      );
      return pageOf(listed, ({ delivery }) => delivery.messageId, { ...page, order: 'ascending' });
    },
    count: async (endpointId) => {
      const stored = ofEndpoint(endpointId);
      const open = stored.filter((one) => !hasEnded(one));
      return {
        pending: open.filter(({ delivery }) => !wasTried(delivery)).length,
        sending: open.filter(({ delivery }) => wasTried(delivery)).length,
        canceled: stored.filter(({ state, delivery }) => state === 'canceled' && !wasTried(delivery)).length,
        isComplete: true,
      };
    },
  };
}

const keyOf = ({ endpointId, messageId, place }: DeliveryKey): string =>
  place ? `${endpointId} ${place.group} ${place.sequence}` : `${endpointId} ${messageId}`;

const hasEnded = ({ state }: StoredDelivery): boolean => endedStates.some((ended) => ended === state);

function goesOver(before: StoredDelivery, stored: StoredDelivery): boolean {
  const ahead = stored.delivery.attemptNumber - before.delivery.attemptNumber;
  if (ahead !== 0) return ahead > 0;
  if (stored.state === 'failed' && stored.reason !== 'set_aside') return true;
  if (before.reason === 'set_aside') return true;
  return !hasEnded(before) && !(stored.state === 'planned' && stored.reason === 'retry');
}

const isSame = (one: StoredDelivery, other: StoredDelivery): boolean => textOf(one) === textOf(other);

const textOf = ({ state, reason, delivery: { attemptNumber, scheduledAt, notBefore } }: StoredDelivery): string =>
  JSON.stringify({ state, reason, attemptNumber, scheduledAt, notBefore });
