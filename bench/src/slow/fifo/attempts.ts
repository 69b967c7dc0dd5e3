import {
  attemptTimeoutMs,
  decideNext,
  defaultRetrySchedule,
  mayUseSlot,
  reserveSlots,
  type SlotLine,
  slowInOrderRate,
  type ThrottleSlot,
  throttlePatienceMs,
} from '@posthorn/core';
import { mayAttempt } from '@posthorn/core/endpoint/breaker';
import type { EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import {
  changesDecision,
  type HealthAttempt,
  healthAfterAttempts,
} from '@posthorn/core/endpoint/health-after-attempts';
import { isSlow } from '@posthorn/core/endpoint/slow-endpoint';
import type { Turn } from '../../../../services/queue-workers/src/deliver-fifo/take-turns.ts';
import type { countUse } from '../count-use.ts';
import type { SimulatedEndpoint } from '../job.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { OrderedDelivery } from './group-queue.ts';

/** What an attempt came to. Times are in milliseconds since the start. */
export type Outcome =
  | { readonly kind: 'through' }
  /** `wakeAt`: when its group is woken. */
  | { readonly kind: 'waits'; readonly wakeAt: number; readonly item: OrderedDelivery };

export interface AttemptsOptions {
  readonly clock: VirtualClock;
  readonly use: ReturnType<typeof countUse>;
  readonly random: () => number;
  /** Slow destinations are attempted at their rate. */
  readonly isPaced: boolean;
  readonly onAccepted: (item: OrderedDelivery) => void;
}

/** How long the attempts trigger waits for a batch. */
const triggerEveryMs = 5_000;
const startOfTime = Date.UTC(2026, 0, 1);
const rates = { slow: slowInOrderRate };

/** Makes attempts, and keeps the health of destinations. The decisions are the product's. */
export function createAttempts({ clock, use, random, isPaced, onAccepted }: AttemptsOptions) {
  const now = () => new Date(startOfTime + clock.now());
  const msOf = (time: Date): number => time.getTime() - startOfTime;
  const health = new Map<SimulatedEndpoint, EndpointHealth>();
  const lines = new Map<string, SlotLine>();
  let attempts = new Map<SimulatedEndpoint, HealthAttempt[]>();

  /** When a delivery has its turn. */
  function turnOf({ application, endpoint, slot }: OrderedDelivery): number {
    const own = health.get(endpoint);
    if (!isPaced || !own || !isSlow({ health: own }, now())) return clock.now();
    if (slot && mayUseSlot(slot, { at: new Date(startOfTime + slot.at), rates, now: now() }))
      return Math.max(slot.at, clock.now());
    const request = { rate: slowInOrderRate, count: 1, from: Math.round(clock.now() * 1_000) };
    const { first, line } = reserveSlots(lines.get(application), request);
    lines.set(application, line);
    use.write();
    return first / 1_000;
  }

  function attempt(item: OrderedDelivery, turn: Turn, then: (outcome: Outcome) => void): void {
    use.look();
    const { endpoint } = item;
    const decision = mayAttempt(health.get(endpoint), { trigger: 'scheduled' }, now());
    if (decision.kind === 'hold') {
      then({ kind: 'waits', wakeAt: msOf(decision.until), item });
      return;
    }
    if (decision.kind === 'probe') setHealth(endpoint, decision.health);
    const startsAt = decision.kind === 'go' ? turnOf(item) : clock.now();
    const wakeAt = startsAt - throttlePatienceMs;
    if (wakeAt > clock.now()) {
      const slot: ThrottleSlot = { of: 'slow', rates, tries: (item.slot?.tries ?? 0) + 1 };
      then({ kind: 'waits', wakeAt, item: { ...item, slot: { ...slot, at: startsAt } } });
      return;
    }
    turn.begin();
    clock.at(startsAt, () => exchange(item, then));
  }

  function exchange(item: OrderedDelivery, then: (outcome: Outcome) => void): void {
    const { endpoint } = item;
    const attemptedAt = now();
    const durationMs = endpoint.answerMs ?? 60 + 80 * random();
    const hasFailed = durationMs >= attemptTimeoutMs;
    clock.at(clock.now() + durationMs, () => {
      use.attempt(hasFailed);
      const own = attempts.get(endpoint) ?? [];
      own.push({ attemptedAt, responseDurationMs: durationMs, succeeded: !hasFailed });
      attempts.set(endpoint, own);
      if (!hasFailed) onAccepted(item);
      then(hasFailed ? retry(item) : { kind: 'through' });
    });
  }

  function retry({ slot: _, ...item }: OrderedDelivery): Outcome {
    const next = decideNext({
      outcome: { kind: 'unreachable', reason: 'timeout' },
      attemptNumber: item.attemptNumber,
      trigger: 'scheduled',
      schedule: defaultRetrySchedule,
      now: now(),
      jitter: random(),
    });
    // A group whose retries are used up is blocked.
    const wakeAt = next.kind === 'retry' ? msOf(next.at) : Number.POSITIVE_INFINITY;
    return { kind: 'waits', wakeAt, item: { ...item, attemptNumber: item.attemptNumber + 1 } };
  }

  function setHealth(endpoint: SimulatedEndpoint, next: EndpointHealth): void {
    if (changesDecision(health.get(endpoint), next)) use.healthWrite();
    health.set(endpoint, next);
  }

  function runTrigger(): void {
    const batch = attempts;
    attempts = new Map();
    for (const [endpoint, own] of batch) setHealth(endpoint, healthAfterAttempts(health.get(endpoint), own, now()));
    clock.at(clock.now() + triggerEveryMs, runTrigger);
  }
  return { attempt, runTrigger };
}
