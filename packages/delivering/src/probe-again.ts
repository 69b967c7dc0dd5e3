import {
  afterUnsentProbe,
  type Clock,
  type Endpoint,
  type EndpointHealth,
  type EndpointRepository,
  type ProtectedHealth,
} from '@posthorn/core';
import type { BreakerGateDeps } from './breaker-gate.ts';

/** Lets another delivery be the probe of a breaker, after one that was not sent. */
export type ProbeAgain = (endpoint: Endpoint, probed: ProtectedHealth) => Promise<void>;

/** The health is stored by then. Nothing is lost if it is not: the wake looks again. */
const untilWakeMs = 1_000;

/** The trigger counts failures meanwhile: it changes the health once in some seconds. */
const maxTries = 5;

export interface ProbeAgainDeps extends BreakerGateDeps {
  readonly findEndpoint: EndpointRepository['find'];
  readonly clock: Clock;
}

/**
 * Plans a wake for the next second, and then stores the health that it is for. A delivery that comes before it is the probe.
 * If the breaker has made another step meanwhile, nothing is to be done.
 */
export const createProbeAgain =
  ({ findEndpoint, replaceHealth, planWake, clock }: ProbeAgainDeps): ProbeAgain =>
  async (endpoint, probed) => {
    const { organisationId, applicationId, endpointId } = endpoint;
    const next = afterUnsentProbe(probed, clock());
    const { epoch, openUntil } = next.breaker;
    const at = new Date(openUntil.getTime() + untilWakeMs);
    await planWake({ organisationId, applicationId, endpointId, epoch, at, slice: 0 });
    let previous: EndpointHealth = probed;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const stored = await replaceHealth(endpoint, { previous, next: { ...previous, breaker: next.breaker } });
      if (stored === 'stored') return;
      const health = (await findEndpoint(applicationId, endpointId))?.health;
      if (health?.breaker?.epoch !== probed.breaker.epoch) return;
      previous = health;
    }
  };
