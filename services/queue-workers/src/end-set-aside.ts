import type { Delivery, DeliveryRepository } from '@posthorn/core';
import { type StoreEndingDeps, storeEnding } from '@posthorn/delivering';

export interface EndSetAsideDeps extends StoreEndingDeps {
  readonly findDelivery: DeliveryRepository['find'];
  readonly moveOn: DeliveryRepository['moveOn'];
}

const setAside = { state: 'failed', reason: 'set_aside' } as const;

/**
 * Stores that a delivery failed, because its job was set aside. If its attempt is recorded, and the next one is stored but
 * its job could not be sent, that one is stored as failed: nothing else would end it. If its job is on its way after all,
 * what it stores goes over that.
 */
export async function endSetAside(deps: EndSetAsideDeps, delivery: Delivery): Promise<void> {
  if (delivery.trigger === 'manual') return;
  if ((await storeEnding(deps, delivery, setAside)) !== 'superseded') return;
  const stored = await deps.findDelivery(delivery);
  const isNext = stored?.delivery.attemptNumber === delivery.attemptNumber + 1;
  if (!isNext || stored.state !== 'planned' || stored.reason !== 'retry') return;
  await deps.moveOn(stored, { ...setAside, delivery: stored.delivery, since: deps.clock() });
}
