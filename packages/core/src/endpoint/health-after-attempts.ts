import type { Attempt } from '../attempt/attempt.ts';
import { draining, opened, reopened } from './breaker.ts';
import { type Breaker, type BreakerPolicy, breakerPolicy, type EndpointHealth } from './endpoint-health.ts';
import { decideSlowUntil } from './slow-endpoint.ts';

/** The part of an attempt that health is derived from. */
export interface HealthAttempt extends Pick<Attempt, 'attemptedAt' | 'responseDurationMs'> {
  readonly succeeded: boolean;
}

/**
 * The health of an endpoint after more of its attempts, in any order. Batches can be replayed, cut in another way, or come
 * late: an attempt does not count twice, a success before the last failure does not end a breaker, and no success is
 * lost, except that a late one leaves at least one failure behind it.
 *
 * @param attempts - all of one endpoint
 */
export function healthAfterAttempts(
  health: EndpointHealth | undefined,
  attempts: readonly HealthAttempt[],
  now: Date,
  policy: BreakerPolicy = breakerPolicy,
): EndpointHealth {
  const before = health ?? noFailures;
  const times = (succeeded: boolean) =>
    attempts.flatMap((attempt) => (attempt.succeeded === succeeded ? [attempt.attemptedAt.getTime()] : []));
  const lastSuccess = Math.max(timeOf(before.lastSuccessAt), ...times(true));
  const failed = times(false).filter((time) => time > lastSuccess);
  const slowUntil = decideSlowUntil({ slowUntil: before.slowUntil, attempts, now });
  const next: EndpointHealth = {
    ...countFailures(before, lastSuccess, failed, policy),
    ...(lastSuccess > never && { lastSuccessAt: new Date(lastSuccess) }),
    ...(slowUntil && { slowUntil }),
  };
  const breaker = breakerAfter(before, next, now, policy);
  return breaker ? { ...next, breaker } : next;
}

/** Whether a changed health must be stored: not if only the times of the last attempts have changed. */
export function changesDecision(before: EndpointHealth | undefined, after: EndpointHealth): boolean {
  const { failures, failingSince, breaker, slowUntil } = before ?? noFailures;
  return (
    failures !== after.failures ||
    timeOf(failingSince) !== timeOf(after.failingSince) ||
    breaker?.epoch !== after.breaker?.epoch ||
    timeOf(slowUntil) !== timeOf(after.slowUntil)
  );
}

const noFailures: EndpointHealth = { failures: 0 };
const never = Number.NEGATIVE_INFINITY;
const timeOf = (time: Date | undefined): number => time?.getTime() ?? never;

type Run = Pick<EndpointHealth, 'failures' | 'failingSince' | 'lastFailureAt'>;

/** The failures since the last success: those that were counted before, and those in `failed` that were not. */
function countFailures(
  before: EndpointHealth,
  lastSuccess: number,
  failed: readonly number[],
  { failuresToOpen }: BreakerPolicy,
): Run {
  const countedUntil = timeOf(before.lastFailureAt);
  const kept = keptFailures(before, lastSuccess);
  const counted = failed.filter((time) => time > countedUntil).length;
  const failures = Math.min(failuresToOpen, kept + counted);
  const lastFailure = Math.max(countedUntil, ...failed);
  const since = Math.min(...failed, ...(kept > 0 ? [Math.max(timeOf(before.failingSince), lastSuccess + 1)] : []));
  return {
    failures,
    ...(failures > 0 && { failingSince: new Date(since) }),
    ...(lastFailure > never && { lastFailureAt: new Date(lastFailure) }),
  };
}

/** How many of the counted failures are later than the last success. If it lies among them, one is known to be. */
function keptFailures({ failures, failingSince, lastFailureAt }: EndpointHealth, lastSuccess: number): number {
  if (failures === 0 || timeOf(lastFailureAt) <= lastSuccess) return 0;
  return timeOf(failingSince) > lastSuccess ? failures : 1;
}

function breakerAfter(
  { breaker, lastFailureAt }: EndpointHealth,
  next: EndpointHealth,
  now: Date,
  policy: BreakerPolicy,
): Breaker | undefined {
  const isFailing = next.failures >= policy.failuresToOpen;
  if (!breaker) return isFailing && failingMs(next) >= policy.failingMsToOpen ? opened(now, policy) : undefined;
  if (breaker.drained !== undefined) return isFailing ? reopened(breaker, now, policy) : breaker;
  const hasRecovered = next.failures === 0 && timeOf(next.lastSuccessAt) > timeOf(lastFailureAt);
  return hasRecovered ? draining(breaker, now, policy) : breaker;
}

const fiveDaysMs = 5 * 24 * 60 * 60 * 1000;

/** For how long an endpoint has failed, from the first failure to the last one. 0 if its last attempt succeeded. */
const failingMs = ({ failures, failingSince, lastFailureAt }: EndpointHealth): number =>
  failures === 0 ? 0 : timeOf(lastFailureAt) - timeOf(failingSince);

/** Whether an endpoint is to be disabled: it has failed for five days without a success. One failure is never enough. */
export const failsForTooLong = (health: EndpointHealth): boolean => failingMs(health) >= fiveDaysMs;

/** Whether attempts say nothing that a healthy endpoint's health would have: all of them succeeded, in good time. */
export const isUnremarkable = (attempts: readonly HealthAttempt[], now: Date): boolean =>
  attempts.every(({ succeeded }) => succeeded) &&
  decideSlowUntil({ slowUntil: undefined, attempts, now }) === undefined;

/** Whether a success changes nothing in an endpoint's health. */
export const isHealthy = ({ failures, breaker }: EndpointHealth): boolean => failures === 0 && breaker === undefined;
