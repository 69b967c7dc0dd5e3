import type { AttemptDelivery } from '@posthorn/delivering';
import { toReleased } from '../wake-endpoint/send-held.ts';
import type { WakeEndpointDeps } from '../wake-endpoint/wake-endpoint.ts';
import { createDeliverStandard, type DeliverStandardDeps } from './deliver-standard.ts';

/**
 * Attempts a held delivery, and does what its record says, as for any other delivery.
 *
 * @param attempt - asks no gate: the breaker is open for all others
 */
export const createProbe =
  (deps: DeliverStandardDeps, attempt: AttemptDelivery): WakeEndpointDeps['probe'] =>
  async (held, job) => {
    let wasSent = false;
    const deliver = createDeliverStandard({
      ...deps,
      makeAttempt: async (delivery) => {
        const report = await attempt(delivery);
        wasSent = report.kind === 'attempted';
        return report;
      },
    });
    await deliver({ job, delivery: toReleased(held, deps.clock()) });
    return wasSent;
  };
