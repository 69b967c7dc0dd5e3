import type { Application, ApplicationRepository, EndpointRepository, PollStateRepository } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';

/** What the start of the order takes. */
export interface StartOrderingDeps {
  readonly applications: Pick<ApplicationRepository, 'startOrdering'>;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  /** How long a cached "unordered" flag stays valid. */
  readonly orderLeaseMs: number;
}

export interface KeepOrderingDeps extends StartOrderingDeps {
  readonly applications: Pick<ApplicationRepository, 'find' | 'startOrdering' | 'stopOrdering'>;
  readonly endpoints: Pick<EndpointRepository, 'list'>;
  readonly pollStates: Pick<PollStateRepository, 'keepsLog'>;
}

/**
 * From now on, all messages of the application are written in one order. When it returns, no request still uses an
 * "unordered" flag that it read before.
 *
 * @returns the time of the start, for `stopUnusedOrdering`
 */
export async function startOrdering(
  { applications, clock, sleep, orderLeaseMs }: StartOrderingDeps,
  application: Application,
): Promise<Date> {
  const orderedAt = clock();
  const { orderedBefore } = await applications.startOrdering(application, orderedAt);
  if (!orderedBefore) await sleep(orderLeaseMs);
  return orderedAt;
}

/** Starts the ordering again if the deletion of another destination has stopped it in between. */
export async function confirmOrdering(deps: KeepOrderingDeps, application: Application): Promise<void> {
  const current = await deps.applications.find(application.organisationId, application.applicationId);
  if (current && !current.orderedAt) await startOrdering(deps, current);
}

/**
 * Stops the ordering if no destination is left and no one polls, unless a destination or a sink is being created at this
 * moment. A first poll leaves its mark before it starts the ordering, so it is seen here, or `orderedAt` is no longer true.
 */
export async function stopUnusedOrdering(
  { applications, endpoints, pollStates }: Pick<KeepOrderingDeps, 'applications' | 'endpoints' | 'pollStates'>,
  application: Application,
  orderedAt: Date,
): Promise<void> {
  const request = { limit: 1, direction: 'forward', order: 'ascending', mode: 'fifo' } as const;
  const { items } = await endpoints.list(application.applicationId, request);
  if (items.length > 0 || (await pollStates.keepsLog(application.applicationId))) return;
  await applications.stopOrdering(application, orderedAt);
}
