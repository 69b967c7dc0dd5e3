import { type Clock, type Delivery, type DeliveryRepository, type StoredDelivery, waitReasonOf } from '@posthorn/core';
import type { DeliveriesQueue } from '@posthorn/queues';

export interface SendHeldDeps {
  readonly sendStandard: DeliveriesQueue['sendStandard'];
  readonly moveOn: DeliveryRepository['moveOn'];
  readonly clock: Clock;
}

/** A held delivery as it is sent: `notBefore` says that it is stored, so that a success deletes it. */
const toReleased = ({ delivery: { slot: _, ...delivery } }: StoredDelivery, released: Released): Delivery => ({
  ...delivery,
  ...released,
});

type Released = Pick<Delivery, 'notBefore' | 'probe'>;

/**
 * Sends held deliveries to the queue, as probes if `more` says so. They are stored as planned after that: a worker that
 * dies before has sent them, and the next step sends them again, which the worker of the second job notices. One that is
 * not sent stays held.
 */
export async function sendHeld(
  { sendStandard, moveOn, clock }: SendHeldDeps,
  held: readonly StoredDelivery[],
  more: Pick<Delivery, 'probe'> = {},
): Promise<void> {
  const now = clock();
  const released = held.map((stored) => ({ stored, delivery: toReleased(stored, { ...more, notBefore: now }) }));
  const unsent = await sendStandard(released.map(({ delivery }) => ({ delivery })));
  const failed = new Set(unsent.map(({ delivery }) => delivery));
  const sent = released.filter(({ delivery }) => !failed.has(delivery));
  await Promise.all(
    sent.map(({ stored, delivery }) =>
      moveOn(stored, { state: 'planned', reason: waitReasonOf(delivery), delivery, since: now }),
    ),
  );
}
