import { attemptIdOf, dueTimeOf, isMadeInGroup, takeUpTimeOf } from '@posthorn/core';
import type { AttemptDeps } from './attempt-deps.ts';
import type { AttemptDelivery } from './attempt-report.ts';
import { loadTarget, newsOf, sendAndRecord } from './send-and-record.ts';

/**
 * Makes the attempt that a delivery is at, unless it is recorded already or the delivery is deferred.
 *
 * After a crash before the send, the job comes back and the message is sent. After a crash between send and record, the
 * message is sent again, with the same `webhook-id`. After the record, nothing is sent, and the worker acts on the
 * recorded `next`.
 */
export const createMakeAttempt =
  (deps: AttemptDeps): AttemptDelivery =>
  async (delivery) => {
    const now = deps.clock();
    // Only a deferral is checked: the queue has waited for `scheduledAt`, by a clock that may differ from this one.
    if (delivery.notBefore !== undefined && takeUpTimeOf(delivery, delivery.notBefore) > now)
      return { kind: 'not_due', until: dueTimeOf(delivery) };
    // All at once: the attempt is almost never recorded yet.
    const attemptId = attemptIdOf(delivery);
    const [recorded, target] = await Promise.all([
      deps.findAttempt(delivery.endpointId, attemptId),
      loadTarget(deps, delivery, now),
    ]);
    if (target.kind === 'ready' && target.endpoint.order && isMadeInGroup(delivery)) return { kind: 'in_group' };
    return recorded
      ? { kind: 'recorded', attempt: recorded, ...(target.kind === 'ready' && newsOf(target.endpoint, delivery)) }
      : sendAndRecord(deps, { delivery, attemptId, target, now });
  };
