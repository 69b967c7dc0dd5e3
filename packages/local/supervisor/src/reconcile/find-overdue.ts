import { type DeliveryRepository, dueTimeOf, type StoredDelivery } from '@posthorn/core';
import type { ReconciledEndpoint } from './judge-message.ts';

export interface FindOverdueDeps {
  readonly listDeliveries: DeliveryRepository['list'];
  readonly findDelivery: DeliveryRepository['find'];
}

/** What waits for longer than this after its time has no job: one that is on a queue comes within minutes. */
const overdueMs = 3_600_000;
const pageSize = 250;

/**
 * Stored deliveries of an endpoint that nothing seems to bring: planned ones whose time was more than an hour ago, and held
 * ones whose endpoint holds nothing. Each is read again, because the list can be a moment old.
 */
export async function* findOverdue(
  { listDeliveries, findDelivery }: FindOverdueDeps,
  endpoint: ReconciledEndpoint,
  now: Date,
): AsyncGenerator<StoredDelivery> {
  const { endpointId } = endpoint;
  for (const state of ['planned', 'held'] as const) {
    for (let iterator: string | undefined; ; ) {
      const query = {
        state,
        limit: pageSize,
        direction: 'forward',
        ...(iterator !== undefined && { iterator }),
      } as const;
      const { items, done, resumeAt } = await listDeliveries(endpointId, query, now);
      for (const listed of items.filter((one) => isOverdue(one, endpoint, now))) {
        const stored = await findDelivery(listed.delivery);
        if (stored?.state === state && isOverdue(stored, endpoint, now)) yield stored;
      }
      iterator = resumeAt ?? items.at(-1)?.delivery.messageId;
      if (done) break;
    }
  }
}

function isOverdue({ state, since, delivery }: StoredDelivery, endpoint: ReconciledEndpoint, now: Date): boolean {
  const before = new Date(now.getTime() - overdueMs);
  if (since > before) return false;
  // While a breaker is open, or drains, its wakes bring what it holds.
  if (state === 'held') return endpoint.disabled || endpoint.health?.breaker === undefined;
  return dueTimeOf(delivery) < before;
}
