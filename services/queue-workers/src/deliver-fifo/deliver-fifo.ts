import type {
  Attempt,
  AttemptRepository,
  Clock,
  Delivery,
  DeliveryRepository,
  EndpointRepository,
  Log,
} from '@posthorn/core';
import type { ContinueDelivery } from '@posthorn/delivering';
import type { ReceivedJobs } from '@posthorn/queues';
import type { DeliveryJob, RunJob } from '../run-jobs.ts';
import { secondsUntilRecheck } from './recheck.ts';

export interface DeliverFifoDeps {
  readonly continueDelivery: ContinueDelivery;
  readonly storeDelivery: DeliveryRepository['put'];
  readonly listAttempts: AttemptRepository['listByMessage'];
  readonly findEndpoint: EndpointRepository['find'];
  readonly disableEndpoint: EndpointRepository['disable'];
  readonly holdBack: ReceivedJobs['holdBack'];
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a group is held back while its endpoint keeps failing. */
const heldMs = 60_000;

/**
 * Does the next step of a delivery to an endpoint in FIFO mode. The job stays at the head of its group for the whole
 * delivery. It is held back until the next attempt is due, and everything behind it in its group waits. `done` lets the
 * group go on.
 */
export const createDeliverFifo =
  (deps: DeliverFifoDeps): RunJob =>
  async (job) => {
    const report = await deps.continueDelivery(job.delivery);
    switch (report.kind) {
      case 'canceled':
        await deps.storeDelivery({
          state: 'canceled',
          reason: report.reason,
          delivery: report.delivery,
          since: deps.clock(),
        });
        return 'done';
      case 'held':
        return hold(deps, job, new Date(deps.clock().getTime() + heldMs));
      case 'deferred':
      case 'not_due':
        return hold(deps, job, report.until);
      case 'attempted':
      case 'recorded':
        return actOn(deps, job, report.attempt);
    }
  };

/** Does what the attempt's record says, whether this run recorded it or one that crashed afterwards. */
async function actOn(deps: DeliverFifoDeps, job: DeliveryJob, attempt: Attempt): Promise<'done' | 'held'> {
  switch (attempt.next.kind) {
    case 'done':
    case 'aborted':
      return 'done';
    case 'retry':
      return hold(deps, job, attempt.next.at);
    case 'gone':
      await deps.disableEndpoint(job.delivery, attempt.attemptedAt);
      return 'done';
    case 'exhausted':
      return applyPolicy(deps, job, attempt.attemptedAt);
  }
}

async function hold({ holdBack, clock }: DeliverFifoDeps, { job }: DeliveryJob, until: Date): Promise<'held'> {
  await holdBack(job, (until.getTime() - clock().getTime()) / 1000);
  return 'held';
}

/** Follows the endpoint's policy when the retries of a message are exhausted: go on without it, or block its group. */
async function applyPolicy(deps: DeliverFifoDeps, job: DeliveryJob, exhaustedAt: Date): Promise<'done' | 'held'> {
  const { applicationId, endpointId, messageId } = job.delivery;
  const endpoint = await deps.findEndpoint(applicationId, endpointId);
  if (!endpoint?.order || endpoint.disabled) return 'done';
  if (endpoint.order.onExhausted === 'skip') {
    await deps.sendToDeadLetters(job.job, 'retries exhausted');
    return 'done';
  }
  if (await wasDelivered(deps, job.delivery)) return 'done';
  deps.log.warn('endpoint.blocked', { endpointId, messageId });
  await deps.holdBack(job.job, secondsUntilRecheck({ exhaustedAt, now: deps.clock() }));
  return 'held';
}

/** Whether a later manual attempt was accepted. */
async function wasDelivered({ listAttempts, clock }: DeliverFifoDeps, delivery: Delivery): Promise<boolean> {
  const { messageId, endpointId } = delivery;
  const query = { endpointId, status: 'succeeded', limit: 1, direction: 'forward', withResponse: false } as const;
  return (await listAttempts(messageId, query, clock())).items.length > 0;
}
