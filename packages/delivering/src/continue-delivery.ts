import { attemptIdOf, type CancelReason, type Delivery, dueTimeOf, takeUpTimeOf } from '@posthorn/core';
import type { AttemptDeps } from './attempt-deps.ts';
import type { AttemptReport } from './attempt-report.ts';
import { findProgress } from './find-progress.ts';
import type { MayAttempt } from './may-attempt.ts';
import { loadTarget, sendAndRecord } from './send-and-record.ts';

/** What happened to a delivery that was continued: it is never sent on to other workers, which could overtake it. */
export type ContinueReport =
  | Exclude<AttemptReport, { readonly kind: 'slow' | 'canceled' }>
  /** `delivery` is at the attempt that is not made. */
  | { readonly kind: 'canceled'; readonly reason: CancelReason; readonly delivery: Delivery };

/** Makes a delivery's next attempt. An error that is not the endpoint's is thrown, and no attempt is recorded for it. */
export type ContinueDelivery = (first: Delivery) => Promise<ContinueReport>;

/**
 * Makes the next attempt of a delivery if it is due. The delivery that is given is the one at its first attempt: the
 * recorded attempts say where it is now. Each record is read once.
 */
export function createContinueDelivery(given: AttemptDeps): ContinueDelivery {
  const deps = { ...given, mayAttempt: alsoIfSlow(given.mayAttempt) };
  return async (first) => {
    const progress = await findProgress(first, deps.findAttempt);
    if (progress.kind === 'ended') return { kind: 'recorded', attempt: progress.attempt };
    const { delivery } = progress;
    const now = deps.clock();
    const until = dueTimeOf(delivery);
    if (takeUpTimeOf(delivery, until) > now) return { kind: 'not_due', until };
    const target = await loadTarget(deps, delivery, now);
    const report = await sendAndRecord(deps, { delivery, attemptId: attemptIdOf(delivery), target, now });
    if (report.kind === 'slow')
      throw new Error('a delivery in order cannot be sent on to the workers of slow endpoints');
    return report.kind === 'canceled' ? { ...report, delivery } : report;
  };
}

/** A group has one queue: a slow endpoint is attempted from there, too. */
const alsoIfSlow =
  (mayAttempt: MayAttempt): MayAttempt =>
  async (request) => {
    const permission = await mayAttempt(request);
    return permission.kind === 'slow' ? { kind: 'go' } : permission;
  };
