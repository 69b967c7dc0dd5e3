import type { AttemptOutcome } from '../attempt/attempt.ts';
import type { AttemptTrigger } from '../attempt/attempt-trigger.ts';
import type { NextStep } from '../attempt/next-step.ts';
import { maxRetryAfterSeconds, maxRetryDelaySeconds, type RetrySchedule } from './retry-schedule.ts';

export interface DecisionInput {
  readonly outcome: AttemptOutcome;
  readonly attemptNumber: number;
  readonly trigger: AttemptTrigger;
  readonly schedule: RetrySchedule;
  readonly now: Date;
  /** A random number from 0 to 1. */
  readonly jitter: number;
}

/** Statuses of an overloaded endpoint: the next attempt waits twice as long as the schedule says. */
const slowDownStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Decides what follows an attempt. A manual attempt is never followed by another one: a person asked for one try. */
export function decideNext(input: DecisionInput): NextStep {
  switch (input.outcome.kind) {
    case 'accepted':
      return { kind: 'done' };
    case 'gone':
      return { kind: 'gone' };
    case 'rejected':
    case 'unreachable':
      return input.trigger === 'manual' ? { kind: 'done' } : retryOrGiveUp(input);
  }
}

function retryOrGiveUp({ outcome, attemptNumber, schedule, now, jitter }: DecisionInput): NextStep {
  const planned = schedule[attemptNumber - 1];
  if (planned === undefined) return { kind: 'exhausted' };
  const slower = outcome.kind === 'rejected' && slowDownStatuses.has(outcome.status) ? 2 : 1;
  const spread = Math.min(planned * slower, maxRetryDelaySeconds) * (0.8 + 0.4 * jitter);
  const asked = outcome.kind === 'rejected' ? Math.min(outcome.retryAfterSeconds ?? 0, maxRetryAfterSeconds) : 0;
  const delayMs = Math.round(Math.max(spread, asked) * 1000);
  return { kind: 'retry', at: new Date(now.getTime() + delayMs) };
}
