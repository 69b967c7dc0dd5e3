import { markedAsStored } from '@posthorn/core';
import { type StoreEndingDeps, storeEnding } from '@posthorn/delivering';
import type { SetAside } from '@posthorn/queues';

/**
 * Sets deliveries aside, and stores them as failed: so `recover` finds them. The job of one that is not in a group says
 * that, so that its success removes the row.
 */
export const createSetAsideWithReceipt = (setAside: SetAside, deps: StoreEndingDeps): SetAside => ({
  ...setAside,
  delivery: async ({ queue, delivery: planned }, reason) => {
    const delivery = queue === 'fifo' ? planned : markedAsStored(planned, deps.clock());
    await setAside.delivery({ queue, delivery }, reason);
    if (delivery.trigger !== 'manual') await storeEnding(deps, delivery, { state: 'failed', reason: 'set_aside' });
  },
});
