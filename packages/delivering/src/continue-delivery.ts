import { attemptIdOf, dueTimeOf } from '@posthorn/core';
import type { AttemptDeps } from './attempt-deps.ts';
import type { AttemptDelivery } from './attempt-report.ts';
import { findProgress } from './find-progress.ts';
import { loadTarget, sendAndRecord } from './send-and-record.ts';

/**
 * Makes the next attempt of a delivery if it is due. The delivery that is given is the one at its first attempt: the
 * recorded attempts say where it is now. Each record is read once.
 */
export const createContinueDelivery =
  (deps: AttemptDeps): AttemptDelivery =>
  async (first) => {
    const progress = await findProgress(first, deps.findAttempt);
    if (progress.kind === 'ended') return { kind: 'recorded', attempt: progress.attempt };
    const { delivery } = progress;
    const now = deps.clock();
    const until = dueTimeOf(delivery);
    if (until > now) return { kind: 'not_due', until };
    const target = await loadTarget(deps, delivery, now);
    return sendAndRecord(deps, { delivery, attemptId: attemptIdOf(delivery), target, now });
  };
