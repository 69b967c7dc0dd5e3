import type { Application, ApplicationRepository, EndpointRepository, PollStateRepository } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';

/** What the start of the order takes. */
export interface StartOrderingDeps {
  readonly applications: Pick<ApplicationRepository, 'startOrdering' | 'settleOrdering'>;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  /** How long a cached "unordered" flag stays valid. */
  readonly orderLeaseMs: number;
}

export interface KeepOrderingDeps extends StartOrderingDeps {
  readonly applications: Pick<ApplicationRepository, 'startOrdering' | 'settleOrdering' | 'stopOrdering'>;
  readonly endpoints: Pick<EndpointRepository, 'list'>;
  readonly pollStates: Pick<PollStateRepository, 'keepsLog'>;
}

/**
 * From now on, all messages of the application are written in one order. When it returns, no request still uses an
 * "unordered" flag that it read before, whoever has begun the order.
 *
 * @returns the number of the start, for `stopUnusedOrdering`
 */
export async function startOrdering(
  { applications, clock, sleep, orderLeaseMs }: StartOrderingDeps,
  application: Pick<Application, 'organisationId' | 'applicationId'>,
): Promise<number> {
  const { orderStarts, isSettled } = await applications.startOrdering(application, clock());
  if (isSettled) return orderStarts;
  await sleep(orderLeaseMs);
  await applications.settleOrdering(application, orderStarts);
  return orderStarts;
}

/**
 * Stops the ordering if no destination is left and no one polls. Whoever needs the order starts it after writing what is
 * looked for here, so it is seen, or the order has more starts than `application` says.
 */
export async function stopUnusedOrdering(
  { applications, endpoints, pollStates }: Pick<KeepOrderingDeps, 'applications' | 'endpoints' | 'pollStates'>,
  application: Pick<Application, 'organisationId' | 'applicationId' | 'orderStarts'>,
): Promise<void> {
  const request = { limit: 1, direction: 'forward', order: 'ascending', mode: 'fifo' } as const;
  const { items } = await endpoints.list(application.applicationId, request);
  if (items.length > 0 || (await pollStates.keepsLog(application.applicationId))) return;
  await applications.stopOrdering(application);
}
