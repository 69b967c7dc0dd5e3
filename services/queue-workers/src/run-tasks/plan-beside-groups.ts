import { type Delivery, type Endpoint, type PlannedDelivery, planDelivery } from '@posthorn/core';

/**
 * Plans a delivery that is made again. One to a destination goes beside the groups too, like a resend: its group has gone
 * on without it, so it is out of order in any case, and must not hold up the others.
 */
export function planBesideGroups(
  delivery: Delivery,
  { order: _, ...endpoint }: Endpoint,
  now: Date,
): readonly PlannedDelivery[] {
  const planned = planDelivery(delivery, endpoint, { findGroup: () => '', now });
  if ('error' in planned) throw planned.error;
  return [planned];
}
