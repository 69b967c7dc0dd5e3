import type { AttemptTrigger } from '../attempt/attempt-trigger.ts';
import {
  type Breaker,
  type BreakerPolicy,
  breakerPolicy,
  type EndpointHealth,
  type ProtectedHealth,
} from './endpoint-health.ts';

/** Whether the breaker of an endpoint lets an attempt pass. */
export type BreakerDecision =
  /** `probe`: it is the one attempt of this wait. The health is the stored one. */
  | { readonly kind: 'go'; readonly probe?: ProtectedHealth }
  /** The delivery is held. The next probe is made at `until`. */
  | { readonly kind: 'hold'; readonly until: Date }
  /** The time of the probe has come: whoever stores `health` first makes it, and all others hold their delivery. */
  | { readonly kind: 'probe'; readonly health: ProtectedHealth };

/** The part of a delivery that a breaker looks at. */
export interface GuardedDelivery {
  readonly trigger: AttemptTrigger;
  /** The epoch in which the delivery is the probe. */
  readonly probe?: number;
}

/**
 * Decides whether an attempt may be made. Manual attempts always may: a person wants to know the answer now. So may the
 * probe, until the breaker makes its next step.
 */
export function mayAttempt(
  health: EndpointHealth | undefined,
  { trigger, probe }: GuardedDelivery,
  now: Date,
  policy: BreakerPolicy = breakerPolicy,
): BreakerDecision {
  const breaker = health?.breaker;
  if (!health || !breaker || breaker.drained !== undefined || trigger === 'manual') return { kind: 'go' };
  if (probe === breaker.epoch) return { kind: 'go', probe: { ...health, breaker } };
  if (now < breaker.openUntil) return { kind: 'hold', until: breaker.openUntil };
  return { kind: 'probe', health: { ...health, breaker: reopened(breaker, now, policy) } };
}

/** What a wake of an endpoint's breaker does. The caller stores `health` before it acts, and acts only if that succeeds. */
export type WakeStep =
  /** The wake is of an earlier step. */
  | { readonly kind: 'nothing' }
  /** The health of the wake's step is not stored yet, or never was: the wake is needed a while later, and once only. */
  | { readonly kind: 'early' }
  /** Attempt the oldest held delivery. The breaker is open for the next, longer wait, unless the attempt succeeds. */
  | { readonly kind: 'probe'; readonly health: ProtectedHealth }
  /** Send this many held deliveries. If there are none, the breaker closes: `closed` is the health then. */
  | {
      readonly kind: 'drain';
      readonly deliveries: number;
      readonly health: ProtectedHealth;
      readonly closed: EndpointHealth;
    }
  /** The breaker is closed. If deliveries are still held, they are drained: `health` begins that. */
  | { readonly kind: 'look'; readonly health: ProtectedHealth };

/** Decides what a wake does. Of two wakes of the same epoch, only one can store the health that this returns. */
export function stepOfWake(
  health: EndpointHealth | undefined,
  { epoch }: Pick<Breaker, 'epoch'>,
  now: Date,
  policy: BreakerPolicy = breakerPolicy,
): WakeStep {
  const breaker = health?.breaker;
  if (!health || !breaker)
    return { kind: 'look', health: { failures: 0, ...health, breaker: draining({ epoch, step: 0 }, now, policy) } };
  if (breaker.epoch !== epoch) return { kind: epoch < breaker.epoch ? 'nothing' : 'early' };
  if (breaker.drained === undefined)
    return { kind: 'probe', health: { ...health, breaker: reopened(breaker, now, policy) } };
  const { breaker: _, ...closed } = health;
  const next = { ...draining(breaker, now, policy), drained: breaker.drained + 1 };
  return {
    kind: 'drain',
    deliveries: drainedInStep(breaker.drained, policy),
    health: { ...health, breaker: next },
    closed,
  };
}

/** How many deliveries a step of the drain sends: 1, 2, 4, 8 … up to the bound. */
export const drainedInStep = (step: number, { maxDrained }: BreakerPolicy = breakerPolicy): number =>
  Math.min(maxDrained, 2 ** step);

/** A breaker that opens now. */
export const opened = (now: Date, policy: BreakerPolicy): Breaker => ({
  epoch: now.getTime(),
  openUntil: waitFrom(now, 0, policy),
  step: 0,
});

/** The breaker opens again, with the next wait. */
export const reopened = ({ epoch, step }: Breaker, now: Date, policy: BreakerPolicy): Breaker => ({
  epoch: epochAfter(epoch, now),
  openUntil: waitFrom(now, step + 1, policy),
  step: step + 1,
});

/**
 * The probe was not sent, such as because the code of the endpoint's owner canceled it, so nothing is known. The next
 * delivery is the probe, at once, and the wait after it is the one that followed this one.
 *
 * @param health - as it was stored when the probe was made
 */
export function afterUnsentProbe(health: ProtectedHealth, now: Date): ProtectedHealth {
  const { epoch, step } = health.breaker;
  return { ...health, breaker: { epoch: epochAfter(epoch, now), openUntil: now, step: Math.max(0, step - 1) } };
}

/** The drain begins, or goes on: its next step follows. */
export const draining = (
  { epoch, step }: Pick<Breaker, 'epoch' | 'step'>,
  now: Date,
  { drainEveryMs }: BreakerPolicy,
): Breaker => ({
  epoch: epochAfter(epoch, now),
  openUntil: new Date(now.getTime() + drainEveryMs),
  step,
  drained: 0,
});

/** The time is part of it, so that a wake of a breaker that was closed long ago fits no later breaker. */
const epochAfter = (epoch: number, now: Date): number => Math.max(epoch + 1, now.getTime());

const waitFrom = (now: Date, step: number, { probeWaitsMs }: BreakerPolicy): Date =>
  new Date(now.getTime() + (probeWaitsMs[step] ?? probeWaitsMs.at(-1) ?? 0));
