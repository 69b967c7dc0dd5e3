import {
  type Endpoint,
  type EndpointFact,
  endpointFactsOf,
  type LogFields,
  type RowChange,
  sweepAfterChange,
  type Wake,
  wakeAfterChange,
} from '@posthorn/core';
import type { CommandsQueue } from '@posthorn/queues';
import { createRunEach } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface ActOnChangeDeps extends SettleDeps {
  /** Stores the wake, and sends it through the queue too, so that it comes at once. */
  readonly planWake: (wake: Wake) => Promise<void>;
  readonly sendSweep: CommandsQueue['sendSweep'];
}

/**
 * Tells what happened to endpoints, and wakes the deliveries that wait for them, if the change concerns them. Both may be
 * repeated. A wake is one write, and a sweep of parked groups one job, however many wait: a worker goes through them.
 * Changes of health alone are nobody's concern.
 */
export const createActOnChange = (deps: ActOnChangeDeps): RunRecords<Endpoint> =>
  createRunEach<Endpoint>(deps, async (change) => {
    const wake = wakeAfterChange(change);
    if (wake) await deps.planWake(wake);
    const sweep = sweepAfterChange(change);
    if (sweep) await deps.sendSweep(sweep);
    tellFacts(deps, change);
  });

function tellFacts({ log, counters }: ActOnChangeDeps, change: RowChange<Endpoint>): void {
  for (const fact of endpointFactsOf(change)) {
    const { organisationId, applicationId, endpointId, kind } = fact;
    log.info(`endpoint.${kind}`, { organisationId, applicationId, endpointId, ...detailsOf(fact) });
    if (kind === 'disabled') counters.add('EndpointsDisabled', 1);
  }
}

function detailsOf(fact: EndpointFact): LogFields {
  switch (fact.kind) {
    case 'updated':
      return { fields: fact.fields };
    case 'disabled':
      return fact.failSince ? { failSince: fact.failSince.toISOString() } : {};
    case 'created':
    case 'enabled':
    case 'deleted':
      return {};
  }
}
