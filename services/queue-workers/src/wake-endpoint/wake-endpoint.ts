import {
  type Clock,
  type DueDeliveryRepository,
  type Endpoint,
  type EndpointHealthRepository,
  type EndpointRepository,
  type Log,
  type ProtectedHealth,
  stepOfWake,
  type Wake,
  type WakeStep,
} from '@posthorn/core';
import type { WakeJob } from '../run-jobs.ts';
import { cancelWaiting } from './cancel-waiting.ts';
import { type FindWaitingDeps, findWaiting } from './find-waiting.ts';

export interface WakeEndpointDeps extends FindWaitingDeps {
  readonly findEndpoint: EndpointRepository['find'];
  readonly replaceHealth: EndpointHealthRepository['replace'];
  /** Stores the wake, and sends it through the queue too, so that it comes to the second. */
  readonly planWake: (wake: Wake) => Promise<void>;
  /** Only stores the wake: it comes once, to about a minute. */
  readonly insertWake: DueDeliveryRepository['insertWake'];
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly deleteWakes: DueDeliveryRepository['deleteWakes'];
  readonly clock: Clock;
  readonly log: Log;
}

/** A delivery that is held just now is in the index after this time. */
const lookAgainMs = 60_000;

/**
 * Does the next step of an endpoint's breaker: a probe, a step of the drain, or a last look. Each step first stores the
 * wake of the next one, then the health with the next epoch, and then acts. Two wakes of one epoch make one step, because
 * only one can store the health. After a crash the next wake goes on.
 */
export const createWakeEndpoint =
  (deps: WakeEndpointDeps) =>
  async ({ wake }: Pick<WakeJob, 'wake'>): Promise<'done'> => {
    const endpoint = await deps.findEndpoint(wake.applicationId, wake.endpointId);
    if (!endpoint || endpoint.disabled) await cancelWaiting(deps, wake, endpoint);
    else await runStep(deps, { wake, endpoint, step: stepOfWake(endpoint.health, wake, deps.clock()) });
    await deps.deleteWakes([wake]);
    return 'done';
  };

interface Run {
  readonly wake: Wake;
  readonly endpoint: Endpoint;
  readonly step: WakeStep;
}

async function runStep(deps: WakeEndpointDeps, { step, ...run }: Run): Promise<void> {
  switch (step.kind) {
    case 'nothing':
      return;
    case 'probe':
      return probe(deps, { ...run, step });
    case 'drain':
      return drain(deps, { ...run, step });
    case 'look': {
      const { count } = await findWaiting(deps, run.endpoint, 1);
      if (count > 0) await advance(deps, run.endpoint, step.health);
    }
  }
}

type RunOf<Kind extends WakeStep['kind']> = Run & { readonly step: Extract<WakeStep, { kind: Kind }> };

/**
 * Sends the oldest held delivery as the probe. If there is none, the next delivery that comes is the probe, and so it is
 * at a destination: each of its groups comes by itself when its wait is over.
 */
async function probe(deps: WakeEndpointDeps, { wake, endpoint, step }: RunOf<'probe'>): Promise<void> {
  if (endpoint.order) return;
  const waiting = await findWaiting(deps, endpoint, 1);
  if (waiting.count === 0) return lookAgain(deps, wake);
  if (await advance(deps, endpoint, step.health)) await waiting.send({ probe: step.health.breaker.epoch });
}

async function drain(deps: WakeEndpointDeps, { wake, endpoint, step }: RunOf<'drain'>): Promise<void> {
  const waiting = await findWaiting(deps, endpoint, step.deliveries);
  if (waiting.count > 0) {
    if (await advance(deps, endpoint, step.health)) await waiting.send();
    return;
  }
  await lookAgain(deps, wake);
  const isOwn = (await deps.replaceHealth(endpoint, { previous: endpoint.health, next: step.closed })) === 'stored';
  if (isOwn) deps.log.info('endpoint.breaker_closed', { endpointId: endpoint.endpointId });
}

/** Looks once more, at what the index does not show yet. */
async function lookAgain({ insertWake, clock }: WakeEndpointDeps, wake: Wake): Promise<void> {
  if (wake.slice > 0) return;
  await insertWake({ ...wake, at: new Date(clock().getTime() + lookAgainMs), slice: wake.slice + 1 });
}

/** Returns false if another worker makes this step. */
async function advance(
  { planWake, replaceHealth }: WakeEndpointDeps,
  endpoint: Endpoint,
  next: ProtectedHealth,
): Promise<boolean> {
  const { organisationId, applicationId, endpointId, health: previous } = endpoint;
  const { epoch, openUntil } = next.breaker;
  await planWake({ organisationId, applicationId, endpointId, epoch, at: openUntil, slice: 0 });
  return (await replaceHealth(endpoint, { previous, next })) === 'stored';
}
