import { decideNext, defaultRetrySchedule, type RetrySchedule } from '@posthorn/core';
import { mayAttempt, stepOfWake } from '@posthorn/core/endpoint/breaker';
import type { EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import {
  changesDecision,
  type HealthAttempt,
  healthAfterAttempts,
} from '@posthorn/core/endpoint/health-after-attempts';
import { countDeadEndpointUse, type DeadEndpointUse } from './dead-endpoint-use.ts';
import { createTimeline } from './timeline.ts';

export interface DeadEndpoint {
  readonly messages: number;
  /** The messages come evenly over this time. */
  readonly arriveOverMs: number;
  readonly deadMs: number;
  /** How long a failing attempt takes. */
  readonly failureMs: number;
  readonly hasBreaker: boolean;
  /** That of the installation if absent. */
  readonly schedule?: RetrySchedule;
}

export interface DeadEndpointCost extends DeadEndpointUse {
  /** Messages that were given up after their last retry. */
  readonly exhausted: number;
  /** From the recovery of the endpoint until the last of the other messages was delivered. */
  readonly deliveredAfterMs: number;
}

interface SimulatedDelivery {
  /** Of its next attempt. */
  readonly number: number;
  /** Whether it has a row. */
  readonly isStored: boolean;
}

const successMs = 100;
/** The window in which the trigger collects attempts on AWS. */
const triggerEveryMs = 5_000;

/** Runs the product's own decisions for one endpoint that is dead from the start, on a clock that jumps. */
export function simulateDeadEndpoint(setup: DeadEndpoint): DeadEndpointCost {
  const timeline = createTimeline();
  const counted = countDeadEndpointUse();
  const cost = { exhausted: 0, delivered: 0, lastDelivery: 0 };
  const held: SimulatedDelivery[] = [];
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
    counted.healthStored();
  };
  const attempt = ({ number, isStored }: SimulatedDelivery) => {
    const attemptedAt = now();
    const succeeded = timeline.now() >= setup.deadMs;
    const durationMs = succeeded ? successMs : setup.failureMs;
    timeline.at(timeline.now() + durationMs, () => {
      unseen.push({ attemptedAt, succeeded, responseDurationMs: 0 });
      if (succeeded) {
        counted.succeeded(durationMs, isStored);
        cost.delivered += 1;
        cost.lastDelivery = timeline.now();
        return;
      }
      counted.failed(durationMs, isStored);
      const next = decideNext({
        outcome: { kind: 'rejected', status: 500 },
        attemptNumber: number,
        trigger: 'scheduled',
        schedule: setup.schedule ?? defaultRetrySchedule,
        now: now(),
        jitter: 0.5,
      });
      if (next.kind === 'retry') {
        counted.retryPlanned(next.at.getTime() - timeline.now());
        timeline.at(next.at.getTime(), () => deliver({ number: number + 1, isStored: true }));
      } else {
        counted.exhausted();
        cost.exhausted += 1;
      }
    });
  };
  const deliver = (delivery: SimulatedDelivery) => {
    const decision = mayAttempt(setup.hasBreaker ? health : undefined, { trigger: 'scheduled' }, now());
    if (decision.kind === 'hold') {
      counted.held(delivery.isStored);
      return void held.push({ ...delivery, isStored: true });
    }
    if (decision.kind === 'probe') store(decision.health);
    attempt(delivery);
  };
  const wake = (epoch: number) => {
    const step = stepOfWake(health, { epoch }, now());
    if (step.kind !== 'probe' && step.kind !== 'drain') return;
    const released = held.splice(0, step.kind === 'probe' ? 1 : step.deliveries);
    counted.woken(released.length);
    if (released.length > 0) store(step.health);
    else if (step.kind === 'drain') store(step.closed);
    for (const delivery of released) attempt(delivery);
  };
  const watch = () => {
    if (unseen.length > 0) counted.watched();
    const next = healthAfterAttempts(health, unseen, now());
    unseen = [];
    if (setup.hasBreaker && changesDecision(health, next)) store(next);
    if (cost.delivered + cost.exhausted < setup.messages) timeline.at(timeline.now() + triggerEveryMs, watch);
  };

  for (let n = 0; n < setup.messages; n += 1)
    timeline.at((n * setup.arriveOverMs) / setup.messages, () => deliver({ number: 1, isStored: false }));
  timeline.at(triggerEveryMs, watch);
  timeline.run();
  const { delivered: _, lastDelivery, ...spent } = cost;
  return { ...spent, ...counted.use(), deliveredAfterMs: Math.max(0, lastDelivery - setup.deadMs) };
}
