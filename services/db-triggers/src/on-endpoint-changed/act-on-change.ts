import { type DueDeliveryRepository, type Endpoint, endpointFactsOf, type RowChange } from '@posthorn/core';
import type { ListWaitingRetries, WaitingRetry } from '@posthorn/models/waiting-retries';
import { maxQueueDelaySeconds } from '@posthorn/queues';
import { createRunEach } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface ActOnChangeDeps extends SettleDeps {
  readonly listWaitingRetries: ListWaitingRetries;
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly clock: () => Date;
}

/**
 * Tells what happened to endpoints, and removes the waiting deliveries of those that were deleted. Both may be repeated.
 * Deliveries that it does not find are dropped by a worker when they are due.
 */
export const createActOnChange = (deps: ActOnChangeDeps): RunRecords<Endpoint> =>
  createRunEach<Endpoint>(deps, async (change) => {
    if (change.kind === 'removed') await removeWaiting(deps, change.old);
    tellFacts(deps, change);
  });

function tellFacts({ log, counters }: ActOnChangeDeps, change: RowChange<Endpoint>): void {
  for (const fact of endpointFactsOf(change)) {
    const { organisationId, applicationId, endpointId, kind } = fact;
    const fields = fact.kind === 'updated' ? { fields: fact.fields } : {};
    log.info(`endpoint.${kind}`, { organisationId, applicationId, endpointId, ...fields });
    if (kind === 'disabled') counters.add('EndpointsDisabled', 1);
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
