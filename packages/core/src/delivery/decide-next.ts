import type { AttemptOutcome, UnreachableReason } from '../attempt/attempt.ts';
import type { AttemptTrigger } from '../attempt/attempt-trigger.ts';
import type { NextStep } from '../attempt/next-step.ts';
import { maxDoubledWaitSeconds, maxRetryAfterSeconds, type RetrySchedule } from '../retry-schedule/retry-schedule.ts';

export interface DecisionInput {
  readonly outcome: AttemptOutcome;
  readonly attemptNumber: number;
  readonly trigger: AttemptTrigger;
  readonly schedule: RetrySchedule;
  readonly now: Date;
  /** A random number from 0 to 1. */
  readonly jitter: number;
}

/** Statuses of an overloaded endpoint: without a `Retry-After`, the wait is twice as long as the schedule says. */
const slowDownStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Statuses with a meaning for `Retry-After` (RFC 9110, RFC 6585): the endpoint's own time is taken as it is. */
const retryAfterStatuses: ReadonlySet<number> = new Set([429, 503]);

const timeouts: ReadonlySet<UnreachableReason> = new Set([
  'connect-timeout',
  'tls-timeout',
  'timeout',
  'answer-timeout',
]);
/** An endpoint that is too slow gets at least this long to recover. */
const minSecondsAfterTimeout = 60;

/** Whether a schedule decides what follows: after a failure that may be tried again. Otherwise `schedule` is not used. */
export const needsSchedule = ({ outcome, trigger }: Pick<DecisionInput, 'outcome' | 'trigger'>): boolean =>
  trigger === 'scheduled' &&
  (outcome.kind === 'unreachable' ||
    outcome.kind === 'not-transformed' ||
    (outcome.kind === 'rejected' && !outcome.asks));

/** Decides what follows an attempt. A manual attempt is never followed by another one: a person asked for one try. */
export function decideNext(input: DecisionInput): NextStep {
  const { outcome, trigger } = input;
  switch (outcome.kind) {
    case 'accepted':
      return { kind: outcome.asks === 'disable' ? 'gone' : 'done' };
    case 'canceled':
      return { kind: 'done' };
    case 'gone':
      return { kind: 'gone' };
    case 'rejected':
      if (outcome.asks === 'disable') return { kind: 'gone' };
      if (trigger === 'manual') return { kind: 'done' };
      return outcome.asks === 'abort-message' ? { kind: 'aborted' } : retryOrGiveUp(input, outcome);
    case 'unreachable':
    case 'not-transformed':
      return trigger === 'manual' ? { kind: 'done' } : retryOrGiveUp(input, outcome);
  }
}

type Failure = Extract<AttemptOutcome, { kind: 'rejected' | 'unreachable' | 'not-transformed' }>;

function retryOrGiveUp({ attemptNumber, schedule, now, jitter }: DecisionInput, failure: Failure): NextStep {
  const planned = schedule[attemptNumber - 1];
  if (planned === undefined) return { kind: 'exhausted' };
  const seconds = secondsToWait(failure, planned, 0.8 + 0.4 * jitter);
  return { kind: 'retry', at: new Date(now.getTime() + Math.round(seconds * 1000)) };
}

/** How long the next attempt waits, with `spread` from 0.8 to 1.2 as its jitter. */
function secondsToWait(failure: Failure, planned: number, spread: number): number {
  const wait = planned * spread;
  // It changes when its owner changes the code, which nobody can foresee.
  if (failure.kind === 'not-transformed') return wait;
  if (failure.kind === 'unreachable')
    return timeouts.has(failure.reason) ? Math.max(wait, minSecondsAfterTimeout) : wait;
  const { status, retryAfterSeconds } = failure;
  if (retryAfterSeconds === undefined)
    return slowDownStatuses.has(status) ? Math.max(wait, Math.min(2 * planned, maxDoubledWaitSeconds) * spread) : wait;
  const longest = retryAfterStatuses.has(status) ? maxRetryAfterSeconds : 2 * wait;
  return Math.max(wait, Math.min(retryAfterSeconds, longest));
}
