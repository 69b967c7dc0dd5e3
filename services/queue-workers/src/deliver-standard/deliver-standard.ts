import {
  type Attempt,
  type Clock,
  type Delivery,
  type DueDeliveryRepository,
  dueTimeOf,
  type EndpointRepository,
  followUpOf,
} from '@posthorn/core';
import type { AttemptDelivery } from '@posthorn/delivering';
import { type DeliveriesQueue, maxQueueDelaySeconds } from '@posthorn/queues';
import type { RunJob } from '../run-jobs.ts';

export interface DeliverStandardDeps {
  readonly makeAttempt: AttemptDelivery;
  readonly disableEndpoint: EndpointRepository['disable'];
  readonly sendStandard: DeliveriesQueue['sendStandard'];
  readonly insertDue: DueDeliveryRepository['insert'];
  readonly clock: Clock;
}

/**
 * Makes the attempt that a delivery is at, and does what its record says. A job that comes back after a crash makes no
 * second attempt, and does what the record says again.
 */
export const createDeliverStandard =
  (deps: DeliverStandardDeps): RunJob =>
  async ({ delivery }) => {
    const report = await deps.makeAttempt(delivery);
    switch (report.kind) {
      case 'nothing_to_send':
        break;
      case 'not_due':
        await schedule(deps, delivery);
        break;
      case 'attempted':
      case 'recorded':
        await actOn(deps, delivery, report.attempt);
        break;
    }
    return 'done';
  };

async function actOn(deps: DeliverStandardDeps, delivery: Delivery, { next, attemptedAt }: Attempt): Promise<void> {
  switch (next.kind) {
    case 'done':
    case 'exhausted':
    case 'aborted':
      return;
    case 'retry':
      return schedule(deps, followUpOf(delivery, next.at));
    case 'gone':
      return deps.disableEndpoint(delivery, attemptedAt);
  }
}

/** A delivery waits on the queue if the queue can delay it for long enough, and in the due table otherwise. */
async function schedule({ sendStandard, insertDue, clock }: DeliverStandardDeps, next: Delivery): Promise<void> {
  const delaySeconds = Math.max(0, Math.ceil((dueTimeOf(next).getTime() - clock().getTime()) / 1000));
  if (delaySeconds > maxQueueDelaySeconds) return insertDue(next);
  const [unsent] = await sendStandard([{ delivery: next, delaySeconds }]);
  if (unsent) throw unsent.error;
}
