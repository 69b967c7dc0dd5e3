import {
  type Clock,
  type Counter,
  type DueDeliveryRepository,
  type Endpoint,
  type EndpointHealthRepository,
  type EndpointRepository,
  type Log,
  PassingError,
  type ProtectedHealth,
  stepOfWake,
  type Wake,
  type WakeStep,
} from '@posthorn/core';
import type { HasApplication } from '../forget-removed.ts';
import type { WakeJob } from '../run-jobs.ts';
import { cancelWaiting } from './cancel-waiting.ts';
import { type FindWaitingDeps, findProbe, findWaiting, wakeOneGroup } from './find-waiting.ts';

export interface WakeEndpointDeps extends FindWaitingDeps {
  readonly findEndpoint: EndpointRepository['find'];
  readonly hasApplication: HasApplication;
  readonly replaceHealth: EndpointHealthRepository['replace'];
  /** Stores the wake, and sends it through the queue too, so that it comes to the second. */
  readonly planWake: (wake: Wake) => Promise<void>;
  /** Only stores the wake: it comes once, to about a minute. */
  readonly insertWake: DueDeliveryRepository['insertWake'];
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly deleteWakes: DueDeliveryRepository['deleteWakes'];
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counter;
}

/** A delivery that is held just now is in the index after this time. */
const lookAgainMs = 60_000;

/** The trigger counts failures while steps are made: it changes the health once in some seconds. */
const maxTries = 5;

/**
 * Does the next step of an endpoint's breaker: a probe, a step of the drain, or a last look. Each step first stores the
 * wake of the next one, then the health with the next epoch, and then acts. Two wakes of one epoch make one step, because
 * only one can store the health. After a crash the next wake goes on.
 *
 * If the health was changed since it was read, the endpoint is read again: either another worker has made the step, or the
 * trigger has counted failures, and the step is still to be made.
 *
 * @throws PassingError if others change the health each time that it was read
 */
export const createWakeEndpoint =
  (deps: WakeEndpointDeps) =>
  async ({ wake }: Pick<WakeJob, 'wake'>): Promise<'done'> => {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const endpoint = await deps.findEndpoint(wake.applicationId, wake.endpointId);
      const result = await act(deps, wake, endpoint);
      if (result === 'changed') continue;
      await deps.deleteWakes([wake]);
      return 'done';
    }
    throw new PassingError(`the health of ${wake.endpointId} was changed ${maxTries} times while it was read`);
  };

/** `changed`: the health was not stored, because it is no longer the one that was read. */
type StepResult = 'done' | 'changed';

async function act(deps: WakeEndpointDeps, wake: Wake, endpoint: Endpoint | undefined): Promise<StepResult> {
  if (endpoint && !endpoint.disabled)
    return runStep(deps, { wake, endpoint, step: stepOfWake(endpoint.health, wake, deps.clock()) });
  // If the whole application was deleted, a task removes what waits.
  if (endpoint || (await deps.hasApplication(wake))) await cancelWaiting(deps, wake, endpoint);
  return 'done';
}

interface Run {
  readonly wake: Wake;
  readonly endpoint: Endpoint;
  readonly step: WakeStep;
}

async function runStep(deps: WakeEndpointDeps, { step, ...run }: Run): Promise<StepResult> {
  switch (step.kind) {
    case 'nothing':
      return 'done';
    case 'early':
      return lookAgain(deps, run.wake);
    case 'probe':
      return probe(deps, { ...run, step });
    case 'drain':
      return drain(deps, { ...run, step });
    case 'look': {
      const { isOver } = await findWaiting(deps, run.endpoint, 1);
      return isOver ? 'done' : advance(deps, run.endpoint, step.health);
    }
  }
}

type RunOf<Kind extends WakeStep['kind']> = Run & { readonly step: Extract<WakeStep, { kind: Kind }> };

/**
 * Sends the oldest held delivery as the probe. If there is none, the next delivery that comes is the probe. At a
 * destination that is mostly the head of a group, so one of them is woken.
 */
async function probe(deps: WakeEndpointDeps, { wake, endpoint, step }: RunOf<'probe'>): Promise<StepResult> {
  const found = await findProbe(deps, endpoint);
  if (!found) {
    await wakeOneGroup(deps, endpoint);
    return lookAgain(deps, wake);
  }
  return advance(deps, endpoint, step.health, () => found.send(step.health.breaker.epoch));
}

async function drain(deps: WakeEndpointDeps, { wake, endpoint, step }: RunOf<'drain'>): Promise<StepResult> {
  const waiting = await findWaiting(deps, endpoint, step.deliveries);
  if (!waiting.isOver) return advance(deps, endpoint, step.health, waiting.send);
  await lookAgain(deps, wake);
  const result = await deps.replaceHealth(endpoint, { previous: endpoint.health, next: step.closed });
  if (result === 'changed') return 'changed';
  deps.log.info('endpoint.breaker_closed', { endpointId: endpoint.endpointId });
  return 'done';
}

/** Looks once more, at what the index does not show yet, or at a health that was not stored yet. */
async function lookAgain({ insertWake, clock }: WakeEndpointDeps, wake: Wake): Promise<'done'> {
  if (wake.slice > 0) return 'done';
  await insertWake({ ...wake, at: new Date(clock().getTime() + lookAgainMs), slice: wake.slice + 1 });
  return 'done';
}

/** Plans the wake of the next step, stores its health, and then sends what waits. */
async function advance(
  { planWake, replaceHealth }: WakeEndpointDeps,
  endpoint: Endpoint,
  next: ProtectedHealth,
  send?: () => Promise<void>,
): Promise<StepResult> {
  const { organisationId, applicationId, endpointId, health: previous } = endpoint;
  const { epoch, openUntil } = next.breaker;
  await planWake({ organisationId, applicationId, endpointId, epoch, at: openUntil, slice: 0 });
  if ((await replaceHealth(endpoint, { previous, next })) === 'changed') return 'changed';
  await send?.();
  return 'done';
}
