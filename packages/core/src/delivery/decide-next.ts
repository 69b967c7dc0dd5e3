import type { AttemptOutcome } from '../attempt/attempt.ts';
import type { AttemptTrigger } from '../attempt/attempt-trigger.ts';
import { maxRetryAfterSeconds, maxRetryDelaySeconds, type RetrySchedule } from './retry-schedule.ts';

/** What follows an attempt. */
export type NextStep =
  | { readonly kind: 'finish' }
  | { readonly kind: 'retry'; readonly attemptNumber: number; readonly notBefore: Date }
  | { readonly kind: 'give-up' }
  | { readonly kind: 'disable-endpoint' };

export interface DecisionInput {
  readonly outcome: AttemptOutcome;
  readonly attemptNumber: number;
  readonly trigger: AttemptTrigger;
  readonly schedule: RetrySchedule;
  readonly now: Date;
  /** From 0 to 1: chance, as an argument. */
  readonly jitter: number;
}

/** Answers of an endpoint that is overloaded: it is asked less often than the plan says. */
const slowDownStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Decides what follows an attempt. A manual one is never followed by another: it is a person's single try. */
export function decideNext(input: DecisionInput): NextStep {
  switch (input.outcome.kind) {
    case 'accepted':
      return { kind: 'finish' };
    case 'gone':
      return { kind: 'disable-endpoint' };
    case 'rejected':
    case 'unreachable':
      return retryOrGiveUp(input);
  }
}

function retryOrGiveUp({ outcome, attemptNumber, trigger, schedule, now, jitter }: DecisionInput): NextStep {
  const planned = schedule[attemptNumber - 1];
  if (trigger === 'manual' || planned === undefined) return { kind: 'give-up' };
  const slower = outcome.kind === 'rejected' && slowDownStatuses.has(outcome.status) ? 2 : 1;
  const spread = Math.min(planned * slower, maxRetryDelaySeconds) * (0.8 + 0.4 * jitter);
  const asked = outcome.kind === 'rejected' ? Math.min(outcome.retryAfterSeconds ?? 0, maxRetryAfterSeconds) : 0;
  const delayMs = Math.round(Math.max(spread, asked) * 1000);
  return { kind: 'retry', attemptNumber: attemptNumber + 1, notBefore: new Date(now.getTime() + delayMs) };
}
