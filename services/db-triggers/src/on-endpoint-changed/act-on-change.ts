import {
  type DueDeliveryRepository,
  type Endpoint,
  type EndpointFact,
  endpointFactsOf,
  type LogFields,
  type RowChange,
  wakeAfterChange,
} from '@posthorn/core';
import type { ListWaitingRetries, WaitingRetry } from '@posthorn/models/waiting-retries';
import { maxQueueDelaySeconds } from '@posthorn/queues';
import { createRunEach } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface ActOnChangeDeps extends SettleDeps {
  readonly listWaitingRetries: ListWaitingRetries;
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly insertWake: DueDeliveryRepository['insertWake'];
  readonly clock: () => Date;
}

/**
 * Tells what happened to endpoints, removes the waiting deliveries of those that were deleted, and wakes those that have
 * held deliveries, if the change concerns them. All of it may be repeated. Changes of health alone are nobody's concern.
 * Deliveries that it does not find are dropped by a worker when they are due.
 */
export const createActOnChange = (deps: ActOnChangeDeps): RunRecords<Endpoint> =>
  createRunEach<Endpoint>(deps, async (change) => {
    if (change.kind === 'removed') await removeWaiting(deps, change.old);
    const wake = wakeAfterChange(change);
    if (wake) await deps.insertWake(wake);
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

/** Deliveries of destinations wait on their queue, and shorter waits too: the worker drops them. */
async function removeWaiting(deps: ActOnChangeDeps, endpoint: Endpoint): Promise<void> {
  if (endpoint.order) return;
  const { retries, isComplete } = await deps.listWaitingRetries(endpoint, deps.clock());
  const stored = retries.filter(isInDueTable).map(({ delivery }) => delivery);
  await deps.deleteDue(stored);
  const { applicationId, endpointId } = endpoint;
  if (stored.length > 0 || !isComplete)
    deps.log.info('endpoint.waiting_deliveries_removed', {
      applicationId,
      endpointId,
      removed: stored.length,
      isComplete,
    });
}

const isInDueTable = ({ delivery: { scheduledAt }, failedAt }: WaitingRetry): boolean =>
  scheduledAt.getTime() - failedAt.getTime() > maxQueueDelaySeconds * 1000;
