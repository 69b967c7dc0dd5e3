import { type Delivery, type DueDeliveryRepository, followUpOf } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';
import { type DeliveriesQueue, maxQueueDelaySeconds } from '@posthorn/queues';
import type { MakeAttempt } from '../make-attempt/make-attempt.ts';

export interface DeliverStandardDeps {
  readonly makeAttempt: MakeAttempt;
  readonly sendStandard: DeliveriesQueue['sendStandard'];
  readonly insertDue: DueDeliveryRepository['insert'];
  readonly clock: Clock;
}

/**
 * Makes the attempt that a delivery is at and sees to the one that follows: on the queue when it can wait there, else in
 * the due table. A job that comes again after its attempt was recorded only sees to what follows.
 */
export const createDeliverStandard =
  (deps: DeliverStandardDeps) =>
  async (delivery: Delivery): Promise<void> => {
    const attempt = await deps.makeAttempt(delivery);
    const next = attempt && followUpOf(delivery, attempt);
    if (next) await schedule(deps, next);
  };

async function schedule({ sendStandard, insertDue, clock }: DeliverStandardDeps, next: Delivery): Promise<void> {
  const delaySeconds = Math.max(0, Math.ceil((next.scheduledAt.getTime() - clock().getTime()) / 1000));
  if (delaySeconds > maxQueueDelaySeconds) return insertDue(next);
  const unsent = await sendStandard([{ delivery: next, delaySeconds }]);
  if (unsent.length > 0) throw new Error('the queue did not take the next attempt of the delivery');
}
