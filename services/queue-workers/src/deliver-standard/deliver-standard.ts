import {
  type Clock,
  type Delivery,
  type DeliveryRepository,
  type DeliveryStatus,
  type DueDeliveryRepository,
  delaySecondsOf,
  type EndpointRepository,
  markedAsStored,
  type PlannedReason,
  waitReasonOf,
} from '@posthorn/core';
import type { AttemptDelivery } from '@posthorn/delivering';
import { type DeliveriesQueue, maxQueueDelaySeconds, type StandardEntry } from '@posthorn/queues';
import type { PlanAgain } from '../plan-again.ts';
import type { DeliveryJob, RunJob } from '../run-jobs.ts';
import { actOnAttempt } from './act-on-attempt.ts';
import type { UnblockGroups } from './unblock-groups.ts';

export interface DeliverStandardDeps {
  readonly makeAttempt: AttemptDelivery;
  readonly disableEndpoint: EndpointRepository['disable'];
  readonly deliveries: Pick<DeliveryRepository, 'put' | 'delete' | 'deleteEnded'>;
  readonly sendStandard: DeliveriesQueue['sendStandard'];
  readonly sendSlow: DeliveriesQueue['sendSlow'];
  readonly insertDue: DueDeliveryRepository['insert'];
  /** Whether the breaker of the delivery's endpoint holds it now, by a read that sees every write before it. */
  readonly isHeld: (delivery: Delivery) => Promise<boolean>;
  /** After an attempt that someone asked for was accepted. */
  readonly unblockGroups: UnblockGroups;
  /** For a delivery that came beside its group. */
  readonly planAgain: PlanAgain;
  readonly clock: Clock;
}

/**
 * Makes the attempt that a delivery is at, and does what its record says. A job that comes back after a crash makes no
 * second attempt, and does what the record says again.
 *
 * A delivery that goes on, or ends without success, is stored before anything else is done for it: after the record of
 * its attempt, and before the queue or the due table gets its next job.
 */
export const createDeliverStandard =
  (deps: DeliverStandardDeps): RunJob =>
  async (given) => {
    const job = given.job.receives === 1 ? given : { ...given, delivery: asRepeated(given.delivery, deps.clock()) };
    const { delivery } = job;
    const report = await deps.makeAttempt(delivery);
    switch (report.kind) {
      case 'canceled':
        await storeAt(deps, delivery, { state: 'canceled', reason: report.reason });
        break;
      case 'not_due':
        await plan(deps, delivery, waitReasonOf(delivery));
        break;
      case 'deferred':
        await plan(deps, { ...delivery, notBefore: report.until, slot: report.slot }, report.reason);
        break;
      case 'held':
        return holdDelivery(deps, job);
      case 'slow':
        await sendOn(deps.sendSlow, { delivery });
        break;
      case 'in_group':
        await deps.planAgain(delivery);
        break;
      case 'attempted':
      case 'recorded':
        await actOnAttempt({ ...deps, schedule: (next) => schedule(deps, next) }, delivery, report);
        break;
    }
    return 'done';
  };

/** The first run of a job that has come back may have stored its delivery, and have ended before it sent the next job. */
const asRepeated = (delivery: Delivery, now: Date): Delivery =>
  markedAsStored(delivery, delivery.scheduledAt < now ? delivery.scheduledAt : now);

/**
 * Stores the delivery as held, and then looks at the endpoint again. If its deliveries may be attempted by now, nothing
 * would send this one: the drain may have looked for held deliveries before. So it goes on at once.
 */
async function holdDelivery(deps: DeliverStandardDeps, { job, delivery: held }: DeliveryJob): Promise<'done' | 'held'> {
  const { probe: _, ...delivery } = held;
  const stored = await storeAt(deps, delivery, { state: 'held', reason: 'endpoint-failing' });
  if (stored === 'superseded' || (await deps.isHeld(delivery))) return 'done';
  // It is stored now, and `notBefore` says so to whoever ends it.
  return createDeliverStandard(deps)({ job, delivery: { ...delivery, notBefore: deps.clock() } });
}

/** Plans the same attempt for later. If another job has taken the delivery further meanwhile, that one goes on with it. */
async function plan(deps: DeliverStandardDeps, delivery: Delivery, reason: PlannedReason) {
  if ((await storeAt(deps, delivery, { state: 'planned', reason })) !== 'superseded') await schedule(deps, delivery);
}

/** Stores where a delivery is. A manual attempt is no part of what is planned: nothing is stored for it. */
async function storeAt({ deliveries, clock }: DeliverStandardDeps, delivery: Delivery, status: DeliveryStatus) {
  return delivery.trigger === 'manual' ? 'same' : deliveries.put({ ...status, delivery, since: clock() });
}

/** A delivery waits on the queue if the queue can delay it for long enough, and in the due table otherwise. */
async function schedule({ sendStandard, insertDue, clock }: DeliverStandardDeps, next: Delivery): Promise<void> {
  const delaySeconds = delaySecondsOf(next, clock());
  if (delaySeconds > maxQueueDelaySeconds) return insertDue(next);
  await sendOn(sendStandard, { delivery: next, delaySeconds });
}

async function sendOn(send: DeliveriesQueue['sendStandard'], entry: StandardEntry): Promise<void> {
  const [unsent] = await send([entry]);
  if (unsent) throw unsent.error;
}
