import { decideNext, defaultRetrySchedule } from '@posthorn/core';
import { mayAttempt, stepOfWake } from '@posthorn/core/endpoint/breaker';
import type { EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import {
  changesDecision,
  type HealthAttempt,
  healthAfterAttempts,
} from '@posthorn/core/endpoint/health-after-attempts';
import { createTimeline } from './timeline.ts';

export interface DeadEndpoint {
  readonly messages: number;
  /** The messages come evenly over this time. */
  readonly arriveOverMs: number;
  readonly deadMs: number;
  /** How long a failing attempt takes. */
  readonly failureMs: number;
  readonly hasBreaker: boolean;
}

export interface DeadEndpointCost {
  readonly failedRequests: number;
  /** The time of workers in failed attempts. */
  readonly workerSeconds: number;
  /** Messages that were given up after their last retry. */
  readonly exhausted: number;
  /** From the recovery of the endpoint until the last of the other messages was delivered. */
  readonly deliveredAfterMs: number;
}

const successMs = 100;
/** The window in which the trigger collects attempts on AWS. */
const triggerEveryMs = 5_000;

/** Runs the product's own decisions for one endpoint that is dead from the start, on a clock that jumps. */
export function simulateDeadEndpoint(setup: DeadEndpoint): DeadEndpointCost {
  const timeline = createTimeline();
  const cost = { failedRequests: 0, workerSeconds: 0, exhausted: 0, delivered: 0, lastDelivery: 0 };
  const held: number[] = [];
  let health: EndpointHealth | undefined;
  let unseen: HealthAttempt[] = [];
  const now = () => new Date(timeline.now());

  const wakeAt = (next: EndpointHealth | undefined) => {
    const { breaker } = next ?? {};
    if (breaker) timeline.at(breaker.openUntil.getTime(), () => wake(breaker.epoch));
  };
  const store = (next: EndpointHealth) => {
    if (next.breaker && next.breaker.epoch !== health?.breaker?.epoch) wakeAt(next);
    health = next;
  };
  const attempt = (number: number) => {
    const attemptedAt = now();
    const succeeded = timeline.now() >= setup.deadMs;
    const durationMs = succeeded ? successMs : setup.failureMs;
    timeline.at(timeline.now() + durationMs, () => {
      unseen.push({ attemptedAt, succeeded, responseDurationMs: 0 });
      if (succeeded) {
        cost.delivered += 1;
        cost.lastDelivery = timeline.now();
        return;
      }
      cost.failedRequests += 1;
      cost.workerSeconds += durationMs / 1_000;
      const next = decideNext({
        outcome: { kind: 'rejected', status: 500 },
        attemptNumber: number,
        trigger: 'scheduled',
        schedule: defaultRetrySchedule,
        now: now(),
        jitter: 0.5,
      });
      if (next.kind === 'retry') timeline.at(next.at.getTime(), () => deliver(number + 1));
      else cost.exhausted += 1;
    });
  };
  const deliver = (number: number) => {
    const decision = mayAttempt(setup.hasBreaker ? health : undefined, { trigger: 'scheduled' }, now());
    if (decision.kind === 'hold') return void held.push(number);
    if (decision.kind === 'probe') store(decision.health);
    attempt(number);
  };
  const wake = (epoch: number) => {
    const step = stepOfWake(health, { epoch }, now());
    if (step.kind !== 'probe' && step.kind !== 'drain') return;
    if (held.length === 0) {
      if (step.kind === 'drain') health = step.closed;
      return;
    }
    const count = step.kind === 'probe' ? 1 : step.deliveries;
    store(step.health);
    for (const number of held.splice(0, count)) attempt(number);
  };
  const watch = () => {
    const next = healthAfterAttempts(health, unseen, now());
    unseen = [];
    if (changesDecision(health, next)) store(next);
    if (cost.delivered + cost.exhausted < setup.messages) timeline.at(timeline.now() + triggerEveryMs, watch);
  };

  for (let n = 0; n < setup.messages; n += 1) timeline.at((n * setup.arriveOverMs) / setup.messages, () => deliver(1));
  timeline.at(triggerEveryMs, watch);
  timeline.run();
  const { delivered: _, lastDelivery, ...spent } = cost;
  return { ...spent, deliveredAfterMs: Math.max(0, lastDelivery - setup.deadMs) };
}
