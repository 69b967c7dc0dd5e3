import {
  type Attempt,
  type AttemptRepository,
  attemptIdOf,
  type Delivery,
  type EndpointRepository,
  findProgress,
} from '@posthorn/core';
import type { Clock, Log } from '@posthorn/platform';
import type { ReceivedJobs } from '@posthorn/queues';
import type { MakeAttempt } from '../make-attempt/make-attempt.ts';
import type { DeliveryJob } from '../run-jobs.ts';
import { secondsUntilRecheck } from './recheck.ts';

export interface DeliverFifoDeps {
  readonly makeAttempt: MakeAttempt;
  readonly findAttempt: AttemptRepository['find'];
  readonly listAttempts: AttemptRepository['listByMessage'];
  readonly findEndpoint: EndpointRepository['find'];
  readonly holdBack: ReceivedJobs['holdBack'];
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Brings a delivery of an endpoint in FIFO mode one step further. The job stays at the head of its group, held back until
 * its next attempt is due, and so keeps everything behind it waiting: `done` lets the group go on.
 */
export const createDeliverFifo =
  (deps: DeliverFifoDeps) =>
  async (job: DeliveryJob): Promise<'done' | 'held'> => {
    const find = (delivery: Delivery) => deps.findAttempt(delivery.endpointId, attemptIdOf(delivery));
    const progress = await findProgress(job.delivery, find);
    if (progress.kind === 'finished') return finish(deps, job, progress);
    if (isFuture(deps, progress.delivery.scheduledAt)) return hold(deps, job, progress.delivery.scheduledAt);
    const attempt = await deps.makeAttempt(progress.delivery);
    if (attempt?.nextAttemptAt) return hold(deps, job, attempt.nextAttemptAt);
    return attempt ? finish(deps, job, { status: attempt.status, at: attempt.attemptedAt }) : 'done';
  };

const isFuture = ({ clock }: DeliverFifoDeps, time: Date): boolean => time.getTime() > clock().getTime();

async function hold({ holdBack, clock }: DeliverFifoDeps, { job }: DeliveryJob, until: Date): Promise<'held'> {
  await holdBack(job, (until.getTime() - clock().getTime()) / 1000);
  return 'held';
}

interface End {
  readonly status: Attempt['status'];
  readonly at: Date;
}

/** A success lets the group go on; a delivery whose retries are used up does what the endpoint's policy says. */
async function finish(deps: DeliverFifoDeps, job: DeliveryJob, { status, at }: End): Promise<'done' | 'held'> {
  if (status === 'succeeded') return 'done';
  const { applicationId, endpointId, messageId } = job.delivery;
  const endpoint = await deps.findEndpoint(applicationId, endpointId);
  if (!endpoint?.order || endpoint.disabled) return 'done';
  if (endpoint.order.onExhausted === 'skip') {
    await deps.sendToDeadLetters(job.job, 'retries exhausted');
    return 'done';
  }
  if (await wasDelivered(deps, job.delivery)) return 'done';
  deps.log.warn('endpoint.blocked', { endpointId, messageId });
  await deps.holdBack(job.job, secondsUntilRecheck({ exhaustedAt: at, now: deps.clock() }));
  return 'held';
}

/** Whether a later attempt, made by hand, was accepted. */
async function wasDelivered({ listAttempts, clock }: DeliverFifoDeps, delivery: Delivery): Promise<boolean> {
  const { messageId, endpointId } = delivery;
  const query = { endpointId, status: 'succeeded', limit: 1, direction: 'forward', withResponse: false } as const;
  return (await listAttempts(messageId, query, clock())).items.length > 0;
}
