import type { Clock, DeliveryRepository, DueDeliveryRepository, Endpoint, Log, Wake } from '@posthorn/core';

export interface CancelHeldDeps {
  readonly listDeliveries: DeliveryRepository['list'];
  readonly moveOn: DeliveryRepository['moveOn'];
  readonly insertWake: DueDeliveryRepository['insertWake'];
  readonly clock: Clock;
  readonly log: Log;
}

const maxCanceled = 1_000;
const canceledTogether = 50;
const lookAgainMs = 60_000;

/**
 * Ends the held deliveries of an endpoint that was disabled or deleted: they are stored as canceled, with the reason. If
 * there were some, it looks again a minute later, at what is left and at what the index does not show yet.
 */
export async function cancelHeld(deps: CancelHeldDeps, wake: Wake, endpoint: Endpoint | undefined): Promise<void> {
  const { endpointId } = wake;
  const query = { state: 'held', limit: maxCanceled, direction: 'forward' } as const;
  const { items } = await deps.listDeliveries(endpointId, query, deps.clock());
  if (items.length === 0 && wake.slice > 0) return;
  await deps.insertWake({ ...wake, at: new Date(deps.clock().getTime() + lookAgainMs), slice: wake.slice + 1 });
  const reason = endpoint ? 'endpoint_disabled' : 'endpoint_deleted';
  for (let start = 0; start < items.length; start += canceledTogether) {
    const together = items.slice(start, start + canceledTogether);
    await Promise.all(
      together.map((held) =>
        deps.moveOn(held, { state: 'canceled', reason, delivery: held.delivery, since: deps.clock() }),
      ),
    );
  }
  if (items.length > 0) deps.log.info('endpoint.held_deliveries_canceled', { endpointId, reason, count: items.length });
}
