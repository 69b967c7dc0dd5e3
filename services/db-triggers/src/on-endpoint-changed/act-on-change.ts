import {
  countOwn,
  type Endpoint,
  type EndpointFact,
  endpointEventOf,
  endpointFactsOf,
  type LogFields,
  type RowChange,
  sweepAfterChange,
  type Wake,
  wakeAfterChange,
} from '@posthorn/core';
import type { TellEvent } from '@posthorn/intake';
import type { EndpointsTableRow } from '@posthorn/models/endpoint-changes';
import type { CommandsQueue } from '@posthorn/queues';
import { createRunBatch } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';
import type { StopUnusedOrdering } from './stop-unused-ordering.ts';

export interface ActOnChangeDeps extends SettleDeps {
  /** Stores the wake, and sends it through the queue too, so that it comes at once. */
  readonly planWake: (wake: Wake) => Promise<void>;
  readonly sendSweep: CommandsQueue['sendSweep'];
  /** Begins to tell the events of a batch. */
  readonly beginTelling: () => TellEvent;
  readonly stopUnusedOrdering: StopUnusedOrdering;
}

/**
 * Tells what happened to endpoints, and wakes the deliveries that wait for them, if the change concerns them. All of it may
 * be repeated. A wake is one write, and a sweep of parked groups one job, however many wait: a worker goes through them.
 * Changes of health alone are nobody's concern. When nobody polls an application any more, its order can end.
 */
export const createActOnChange = (deps: ActOnChangeDeps): RunRecords<EndpointsTableRow> =>
  createRunBatch<EndpointsTableRow>(deps, () => {
    const tell = deps.beginTelling();
    return async (rowChange) => {
      if (rowChange.kind === 'removed' && rowChange.old.kind === 'poll-mark') {
        return deps.stopUnusedOrdering(rowChange.old.mark);
      }
      const change = endpointChangeOf(rowChange);
      if (!change) return;
      const wake = wakeAfterChange(change);
      if (wake) await deps.planWake(wake);
      const sweep = sweepAfterChange(change);
      if (sweep) await deps.sendSweep(sweep);
      const facts = endpointFactsOf(change);
      for (const fact of facts) await tell(endpointEventOf(fact, change));
      logFacts(deps, facts);
    };
  });

/** The change of an endpoint. Undefined if the row is none. */
function endpointChangeOf(change: RowChange<EndpointsTableRow>): RowChange<Endpoint> | undefined {
  switch (change.kind) {
    case 'inserted':
      return change.new.kind === 'endpoint' ? { ...change, new: change.new.endpoint } : undefined;
    case 'updated':
      return change.old.kind === 'endpoint' && change.new.kind === 'endpoint'
        ? { ...change, old: change.old.endpoint, new: change.new.endpoint }
        : undefined;
    case 'removed':
      return change.old.kind === 'endpoint' ? { ...change, old: change.old.endpoint } : undefined;
  }
}

function logFacts({ log, counters }: ActOnChangeDeps, facts: readonly EndpointFact[]): void {
  for (const fact of facts) {
    const { organisationId, applicationId, endpointId, kind } = fact;
    log.info(`endpoint.${kind}`, { organisationId, applicationId, endpointId, ...detailsOf(fact) });
    if (kind === 'disabled') countOwn(counters, applicationId, { name: 'EndpointsDisabled' });
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
