import {
  type Attempt,
  attemptIdOf,
  type Delivery,
  type DeliveryRepository,
  dueTimeOf,
  type Endpoint,
  endedStates,
  followUpOf,
  type Standing,
  takeUpTimeOf,
  waitReasonOf,
} from '@posthorn/core';
import type { AttemptDeps } from './attempt-deps.ts';
import { followRecords, type OrderedProgress } from './follow-records.ts';
import { alsoIfSlow } from './may-attempt.ts';
import { sendAndRecord } from './send-and-record.ts';

export interface AttemptInOrderDeps extends AttemptDeps {
  readonly findDelivery: DeliveryRepository['find'];
  readonly deleteEnded: DeliveryRepository['deleteEnded'];
  /** Whether an attempt that was asked for by hand was accepted, outside of the order. */
  readonly wasAccepted: (delivery: Delivery) => Promise<boolean>;
}

/** A delivery, and the number of the attempt that is made now although it is not due, or none is planned. */
export interface OrderedRequest {
  readonly delivery: Delivery;
  readonly now?: number;
}

/** Says where the first delivery of a group is, and makes its attempt if it is due. */
export type AttemptInOrder = (request: OrderedRequest) => Promise<Standing<Delivery>>;

/** How long a group waits if the breaker's time is over: another worker makes the probe. */
const heldMs = 5_000;

/**
 * Makes the next attempt of a delivery if it is due, and never one that is recorded. The records say where the delivery
 * is, whichever of its attempts is given. An error that is not the endpoint's is thrown, and no attempt is recorded for it.
 */
export function createAttemptInOrder(given: AttemptInOrderDeps): AttemptInOrder {
  const deps = { ...given, mayAttempt: alsoIfSlow(given.mayAttempt) };
  return async ({ delivery, now }) => {
    const { applicationId, endpointId, messageId } = delivery;
    const [endpoint, stored, progress] = await Promise.all([
      deps.findEndpoint(applicationId, endpointId),
      deps.findDelivery({ endpointId, messageId }),
      followRecords(delivery, deps.findAttempt),
    ]);
    if (!endpoint) return { kind: 'endpoint-deleted', item: delivery };
    // It was set aside, and someone put its job back: it goes on, and its job says so until it is stored again.
    if (stored?.reason === 'set_aside') await deps.deleteEnded(delivery);
    else if (stored && endedStates.some((state) => state === stored.state)) return { kind: 'through' };
    if (progress.kind === 'through') return { kind: 'through' };
    const mayBeNow = now !== undefined && progress.delivery.attemptNumber <= now;
    if (progress.kind === 'ended' && (!mayBeNow || progress.attempt.next.kind === 'aborted')) {
      if (await deps.wasAccepted(delivery)) return { kind: 'through' };
      return standingOfEnd(endpoint, progress);
    }
    const next = progress.delivery;
    const until = dueTimeOf(next);
    if (takeUpTimeOf(next, until) > deps.clock() && !mayBeNow)
      return { kind: 'waits', until, reason: waitReasonOf(next), item: next };
    return attemptNow(deps, endpoint, next);
  };
}

async function attemptNow(
  deps: AttemptInOrderDeps,
  endpoint: Endpoint,
  delivery: Delivery,
): Promise<Standing<Delivery>> {
  const now = deps.clock();
  const message = await deps.findMessage(delivery.applicationId, delivery.messageId, now);
  if (!message) {
    const policy = policyOf(endpoint);
    return { kind: 'used-up', why: 'message-expired', policy, last: delivery, item: delivery };
  }
  if (endpoint.disabled) return { kind: 'endpoint-disabled', item: delivery };
  const target = { kind: 'ready', endpoint, message } as const;
  const report = await sendAndRecord(deps, { delivery, attemptId: attemptIdOf(delivery), target, now });
  switch (report.kind) {
    case 'attempted':
      return standingAfter(endpoint, delivery, report.attempt);
    case 'recorded':
      return { kind: 'overtaken' };
    case 'deferred': {
      const { until, slot, reason } = report;
      return { kind: 'waits', until, reason, item: { ...delivery, notBefore: until, slot } };
    }
    case 'held':
      return { kind: 'waits', until: laterThan(now, report.until), reason: report.reason, item: delivery };
    case 'not_due':
    case 'slow':
    case 'canceled':
      throw new Error(`an attempt in order cannot end as ${report.kind}`);
  }
}

const laterThan = (now: Date, until: Date): Date => (until > now ? until : new Date(now.getTime() + heldMs));

function standingAfter(endpoint: Endpoint, delivery: Delivery, attempt: Attempt): Standing<Delivery> {
  const { next, attemptedAt } = attempt;
  if (next.kind === 'retry')
    return { kind: 'waits', until: next.at, reason: 'retry', item: followUpOf(delivery, next.at) };
  if (next.kind === 'done') return { kind: 'through' };
  return standingOfEnd(endpoint, {
    kind: 'ended',
    attempt,
    last: delivery,
    delivery: followUpOf(delivery, attemptedAt),
  });
}

/** No attempt is planned after the last one. `delivery` is at the one that someone can ask for. */
function standingOfEnd(
  endpoint: Endpoint,
  { attempt, last, delivery }: Extract<OrderedProgress, { kind: 'ended' }>,
): Standing<Delivery> {
  switch (attempt.next.kind) {
    case 'gone':
      return { kind: 'gone', item: delivery, attemptedAt: attempt.attemptedAt };
    case 'aborted':
      return { kind: 'aborted', item: last };
    default:
      return { kind: 'used-up', why: 'exhausted', policy: policyOf(endpoint), last, item: delivery };
  }
}

/** A group of an endpoint that is no longer in FIFO mode has no reason to be blocked. */
const policyOf = ({ order }: Endpoint) => order?.onExhausted ?? 'skip';
