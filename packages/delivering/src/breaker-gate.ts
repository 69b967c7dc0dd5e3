import { type EndpointHealthRepository, mayAttempt, type ProtectedHealth, type Wake } from '@posthorn/core';
import type { AttemptPermission, AttemptRequest, MayAttempt } from './may-attempt.ts';

export interface BreakerGateDeps {
  readonly replaceHealth: EndpointHealthRepository['replace'];
  readonly planWake: (wake: Wake) => Promise<void>;
}

/**
 * Holds the deliveries of an endpoint that keeps failing. When the time of a probe has come, the first delivery is let
 * through as the probe, and the breaker is open for the next, longer wait: nothing has to be written if the probe fails.
 * A success is seen by the attempts trigger.
 */
export const createBreakerGate =
  (deps: BreakerGateDeps): MayAttempt =>
  (request) => {
    const decision = mayAttempt(request.endpoint.health, request.delivery, request.now);
    switch (decision.kind) {
      case 'go':
        return decision;
      case 'hold':
        return { ...decision, reason: 'endpoint-failing' };
      case 'probe':
        return claimProbe(deps, request, decision.health);
    }
  };

/**
 * Holds deliveries while a breaker is open, and makes no probe. It is for asking first, so that a probe is not made by a
 * delivery that another gate then sends away.
 */
export const holdGate: MayAttempt = ({ endpoint, delivery, now }) => {
  const decision = mayAttempt(endpoint.health, delivery, now);
  return decision.kind === 'hold' ? { ...decision, reason: 'endpoint-failing' } : { kind: 'go' };
};

/** The wake is stored first: if this worker dies after it has made the breaker wait, the wake ends the wait. */
async function claimProbe(
  { replaceHealth, planWake }: BreakerGateDeps,
  { endpoint }: AttemptRequest,
  next: ProtectedHealth,
): Promise<AttemptPermission> {
  const { organisationId, applicationId, endpointId, health: previous } = endpoint;
  const { epoch, openUntil: until } = next.breaker;
  await planWake({ organisationId, applicationId, endpointId, epoch, at: until, slice: 0 });
  const isOwn = (await replaceHealth(endpoint, { previous, next })) === 'stored';
  return isOwn ? { kind: 'go', probe: next } : { kind: 'hold', reason: 'endpoint-failing', until };
}
