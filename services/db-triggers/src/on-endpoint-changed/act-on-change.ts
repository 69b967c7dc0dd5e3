import {
  type Endpoint,
  type EndpointFact,
  endpointEventOf,
  endpointFactsOf,
  type LogFields,
  sweepAfterChange,
  type Wake,
  wakeAfterChange,
} from '@posthorn/core';
import type { TellEvent } from '@posthorn/intake';
import type { CommandsQueue } from '@posthorn/queues';
import { createRunBatch } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface ActOnChangeDeps extends SettleDeps {
  /** Stores the wake, and sends it through the queue too, so that it comes at once. */
  readonly planWake: (wake: Wake) => Promise<void>;
  readonly sendSweep: CommandsQueue['sendSweep'];
  /** Begins to tell the events of a batch. */
  readonly beginTelling: () => TellEvent;
}

/**
 * Tells what happened to endpoints, and wakes the deliveries that wait for them, if the change concerns them. All of it may
 * be repeated. A wake is one write, and a sweep of parked groups one job, however many wait: a worker goes through them.
 * Changes of health alone are nobody's concern.
 */
export const createActOnChange = (deps: ActOnChangeDeps): RunRecords<Endpoint> =>
  createRunBatch<Endpoint>(deps, () => {
    const tell = deps.beginTelling();
    return async (change) => {
      const wake = wakeAfterChange(change);
      if (wake) await deps.planWake(wake);
      const sweep = sweepAfterChange(change);
      if (sweep) await deps.sendSweep(sweep);
      const facts = endpointFactsOf(change);
      for (const fact of facts) await tell(endpointEventOf(fact, change));
      logFacts(deps, facts);
    };
  });

function logFacts({ log, counters }: ActOnChangeDeps, facts: readonly EndpointFact[]): void {
  for (const fact of facts) {
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
      return { trigger: fact.trigger, ...(fact.failSince && { failSince: fact.failSince.toISOString() }) };
    case 'created':
    case 'enabled':
    case 'deleted':
      return {};
  }
}
