import { attemptTimeoutMs, decideNext, defaultRetrySchedule } from '@posthorn/core';
import { mayAttempt, stepOfWake } from '@posthorn/core/endpoint/breaker';
import { type BreakerPolicy, breakerPolicy, type EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import {
  changesDecision,
  type HealthAttempt,
  healthAfterAttempts,
} from '@posthorn/core/endpoint/health-after-attempts';
import { isSlow } from '@posthorn/core/endpoint/slow-endpoint';
import { createRandom } from '@posthorn/local-dynamodb';
import { countUse } from './count-use.ts';
import { type DeployedQueue, deployed } from './deployed-limits.ts';
import type { Job, SimulatedEndpoint } from './job.ts';
import { createJobQueue, type QueueOrder } from './job-queue.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { createWorkerPool } from './worker-pool.ts';

/** What is switched on, and how long it runs. */
export interface Scenario {
  readonly seconds: number;
  readonly seed: number;
  /** The endpoints of the noisy tenant never answer, or answer 200 after 14 s. */
  readonly noisy: 'none' | 'hanging' | 'late';
  readonly order: QueueOrder;
  readonly slowQueue: boolean;
  readonly breaker: boolean;
}

const noisyPerSecond = 50;
const noisyEndpoints = 10;
const quietPerSecond = 5;
const lateMs = 14_000;
/** A step of a worker that sends nothing: its reads, and a send to a queue or a write. */
const stepMs = 15;
/** How long the attempts trigger waits for a batch. */
const triggerEveryMs = 5_000;
const startOfTime = Date.UTC(2026, 0, 1);
const neverOpens: BreakerPolicy = { ...breakerPolicy, failuresToOpen: Number.POSITIVE_INFINITY };

/** Runs two tenants against the limits that are deployed. The decisions are those of the product. */
export function simulate({ seconds, seed, noisy, order, slowQueue, breaker }: Scenario) {
  const clock = createVirtualClock();
  const random = createRandom(seed);
  const use = countUse();
  const policy = breaker ? breakerPolicy : neverOpens;
  const toDate = (ms: number) => new Date(startOfTime + ms);
  const now = () => toDate(clock.now());
  const health = new Map<SimulatedEndpoint, EndpointHealth>();
  const held = new Map<SimulatedEndpoint, Job[]>();
  let attempts = new Map<SimulatedEndpoint, HealthAttempt[]>();
  const latencies: number[] = [];

  const createPool = (limits: DeployedQueue, run: (job: Job) => number) =>
    createWorkerPool({
      clock,
      queue: createJobQueue(order),
      ...limits,
      run,
      onInvocation: (taken) => use.invocation(taken, limits.memoryMb),
    });
  const standard = createPool(deployed.standard, (job) => {
    if (!slowQueue || job.isProbe || isHeld(job) || !isSlow(healthOf(job), now())) return runJob(job, send);
    use.look();
    sendSlow(job);
    return clock.now() + stepMs;
  });
  const slow = createPool(deployed.slow, (job) => runJob(job, sendSlow));

  const isHeld = ({ endpoint }: Job): boolean =>
    mayAttempt(health.get(endpoint), { trigger: 'scheduled' }, now(), policy).kind === 'hold';
  const healthOf = ({ endpoint }: Job) => {
    const found = health.get(endpoint);
    return found ? { health: found } : {};
  };
  const send = (job: Job): void => {
    use.send();
    standard.send(job);
  };
  const sendSlow = (job: Job): void => {
    use.send();
    slow.send(job);
  };
  const plan = (job: Job): void => (slowQueue && isSlow(healthOf(job), now()) ? sendSlow(job) : send(job));

  function runJob(job: Job, sendRetry: (job: Job) => void): number {
    const { endpoint, isProbe } = job;
    use.look();
    if (!isProbe) {
      const decision = mayAttempt(health.get(endpoint), { trigger: 'scheduled' }, now(), policy);
      if (decision.kind === 'hold') {
        const own = held.get(endpoint) ?? [];
        own.push(job);
        held.set(endpoint, own);
        use.hold();
        return clock.now() + stepMs;
      }
      if (decision.kind === 'probe') setHealth(endpoint, decision.health);
    }
    const attemptedAt = now();
    const durationMs = endpoint.answerMs ?? 60 + 80 * random();
    const hasFailed = durationMs >= attemptTimeoutMs;
    const endsAt = clock.now() + durationMs;
    clock.at(endsAt, () => {
      use.attempt(hasFailed);
      const own = attempts.get(endpoint) ?? [];
      own.push({ attemptedAt, responseDurationMs: durationMs, succeeded: !hasFailed });
      attempts.set(endpoint, own);
      if (hasFailed) retry(job, sendRetry);
      else if (endpoint.answerMs === undefined) latencies.push(endsAt - job.acceptedAt);
    });
    return endsAt;
  }

  function retry({ isProbe: _, ...job }: Job, sendRetry: (job: Job) => void): void {
    const next = decideNext({
      outcome: { kind: 'unreachable', reason: 'timeout' },
      attemptNumber: job.attemptNumber,
      trigger: 'scheduled',
      schedule: defaultRetrySchedule,
      now: now(),
      jitter: random(),
    });
    if (next.kind !== 'retry') return;
    const waitMs = next.at.getTime() - now().getTime();
    use.plan(waitMs);
    const following = { ...job, attemptNumber: job.attemptNumber + 1 };
    // The table of long waits is released to the standard queue.
    clock.at(clock.now() + waitMs, () => (waitMs > 900_000 ? send : sendRetry)(following));
  }

  function setHealth(endpoint: SimulatedEndpoint, next: EndpointHealth): void {
    const before = health.get(endpoint);
    if (changesDecision(before, next) && (breaker || slowQueue)) use.healthWrite();
    health.set(endpoint, next);
    const { breaker: own } = next;
    if (!own || own.epoch === before?.breaker?.epoch) return;
    clock.at(own.openUntil.getTime() - startOfTime, () => wake(endpoint, own.epoch));
  }

  function wake(endpoint: SimulatedEndpoint, epoch: number): void {
    const step = stepOfWake(health.get(endpoint), { epoch }, now(), policy);
    if (step.kind !== 'probe') return;
    const probe = held.get(endpoint)?.shift();
    setHealth(endpoint, step.health);
    if (probe) send({ ...probe, isProbe: true });
  }

  function runTrigger(): void {
    const batch = attempts;
    attempts = new Map();
    for (const [endpoint, own] of batch)
      setHealth(endpoint, healthAfterAttempts(health.get(endpoint), own, now(), policy));
    clock.at(clock.now() + triggerEveryMs, runTrigger);
  }

  const tenant = (application: string, endpoints: readonly SimulatedEndpoint[], perSecond: number): void => {
    for (let n = 0; n < perSecond * seconds; n += 1) {
      const acceptedAt = ((n + random()) / perSecond) * 1_000;
      const endpoint = endpoints[n % endpoints.length];
      if (endpoint) clock.at(acceptedAt, () => plan({ application, endpoint, acceptedAt, attemptNumber: 1 }));
    }
  };
  const answerMs = noisy === 'late' ? lateMs : attemptTimeoutMs;
  const slowEndpoints = Array.from({ length: noisyEndpoints }, (_, n) => ({ name: `slow-${n}`, answerMs }));
  tenant('quiet', [{ name: 'quiet' }], quietPerSecond);
  if (noisy !== 'none') tenant('noisy', slowEndpoints, noisyPerSecond);
  runTrigger();
  clock.runUntil(seconds * 1_000);
  return { latencies, unsent: quietPerSecond * seconds - latencies.length, use: use.counts() };
}
