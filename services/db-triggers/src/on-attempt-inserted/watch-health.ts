import {
  type Breaker,
  changesDecision,
  countOwn,
  type Endpoint,
  type EndpointHealth,
  type EndpointHealthRepository,
  type EndpointRepository,
  failsForTooLong,
  type HealthAttempt,
  healthAfterAttempts,
  isHealthy,
  isUnremarkable,
  PassingError,
  type StoredHealth,
  type Wake,
} from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { Clock } from '@posthorn/platform';
import type { SettleDeps } from '../settle-problems.ts';

export interface WatchHealthDeps extends Pick<SettleDeps, 'log' | 'counters'> {
  readonly health: EndpointHealthRepository;
  readonly planWake: (wake: Wake) => Promise<void>;
  readonly disableEndpoint: EndpointRepository['disable'];
  readonly clock: Clock;
}

/** Attempts at one endpoint, from one batch of the stream. */
export interface EndpointAttempts extends Pick<Endpoint, 'applicationId' | 'endpointId'> {
  readonly attempts: readonly HealthAttempt[];
}

export type WatchHealth = (batch: EndpointAttempts) => Promise<void>;

/**
 * A healthy endpoint is not read again for this long while its attempts succeed. If another process stores failures
 * meanwhile, the successes of this time are not seen: the failures then seem to have begun this much earlier.
 */
const knownHealthyMs = 30_000;
const maxKnownHealthy = 10_000;
const maxTries = 5;

/**
 * Stores what attempts say about the health of their endpoint: at most one write for each batch, and only if it changes a
 * decision. Disables an endpoint that has failed for too long. May be repeated with the same attempts.
 *
 * @throws PassingError if others change the health each time that it was read
 */
export function createWatchHealth(deps: WatchHealthDeps): WatchHealth {
  const knownHealthy = createBoundedMemory<true>({ maxEntries: maxKnownHealthy, now: () => deps.clock().getTime() });
  return async (batch) => {
    const { endpointId, attempts } = batch;
    const isCalm = isUnremarkable(attempts, deps.clock());
    if (isCalm && knownHealthy.find(endpointId)) return;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const stored = await deps.health.find(batch, isCalm && tries === 0 ? 'recent' : 'latest');
      if (!stored) return;
      const next = healthAfterAttempts(stored.health, attempts, deps.clock());
      if ((await storeHealth(deps, batch, { stored, next })) === 'changed') continue;
      if (!stored.disabled && failsForTooLong(next)) await disable(deps, batch, next);
      if (isCalm && isHealthy(next)) knownHealthy.keep(endpointId, true, knownHealthyMs);
      return;
    }
    throw new PassingError(`the health of ${endpointId} was changed ${maxTries} times while it was read`);
  };
}

interface Change {
  readonly stored: StoredHealth;
  readonly next: EndpointHealth;
}

/**
 * The wake is stored first: after a crash between the two, it finds an older epoch, looks once more and ends. The other
 * way round, nothing would end the breaker.
 */
async function storeHealth(
  { health, planWake, log, counters }: WatchHealthDeps,
  { applicationId, endpointId }: EndpointAttempts,
  { stored: { organisationId, health: previous }, next }: Change,
): Promise<'stored' | 'changed'> {
  if (!changesDecision(previous, next)) return 'stored';
  const breaker = next.breaker?.epoch === previous?.breaker?.epoch ? undefined : next.breaker;
  if (breaker) {
    const { epoch, openUntil } = breaker;
    await planWake({ organisationId, applicationId, endpointId, epoch, at: openUntil, slice: 0 });
  }
  const result = await health.replace({ applicationId, endpointId }, { previous, next });
  if (result === 'stored' && breaker) {
    const { event, counter } = namesOf(breaker);
    log.warn(event, { organisationId, applicationId, endpointId, failingSince: next.failingSince?.toISOString() });
    countOwn(counters, applicationId, { name: counter });
  }
  return result;
}

const namesOf = ({ drained }: Breaker) =>
  drained === undefined
    ? { event: 'endpoint.breaker_opened', counter: 'BreakersOpened' }
    : { event: 'endpoint.recovered', counter: 'EndpointsRecovered' };

async function disable(
  { disableEndpoint, clock, log }: WatchHealthDeps,
  { applicationId, endpointId }: EndpointAttempts,
  { failingSince }: EndpointHealth,
): Promise<void> {
  await disableEndpoint({ applicationId, endpointId }, clock());
  log.warn('endpoint.failed_for_too_long', { applicationId, endpointId, failingSince: failingSince?.toISOString() });
}
