import type { Application, ApplicationRepository, FanOutApplication } from '@posthorn/core';
import type { Clock } from '@posthorn/platform';

export interface StopUnusedOrderingDeps
  extends Pick<ApplicationRepository, 'findAccepting' | 'startOrdering' | 'stopOrdering'> {
  readonly readApplication: (applicationId: string) => Promise<FanOutApplication>;
  readonly clock: Clock;
}

export type StopUnusedOrdering = (application: Pick<Application, 'organisationId' | 'applicationId'>) => Promise<void>;

/**
 * Stops the ordering of an application that is no longer polled, if it has no destination. It may be repeated. A destination
 * or a sink that is created at this moment is seen before or after, or it has changed `orderedAt`.
 */
export const createOrderingStopper =
  (deps: StopUnusedOrderingDeps): StopUnusedOrdering =>
  async ({ organisationId, applicationId }) => {
    const application = await deps.findAccepting(organisationId, applicationId);
    if (application?.orderedAt === undefined || (await needsOrdering(deps, applicationId))) return;
    await deps.stopOrdering(application, application.orderedAt);
    if (await needsOrdering(deps, applicationId)) await deps.startOrdering(application, deps.clock());
  };

/** An endpoint that cannot be read may be a destination. */
async function needsOrdering(
  { readApplication }: Pick<StopUnusedOrderingDeps, 'readApplication'>,
  applicationId: string,
): Promise<boolean> {
  const { endpoints, isPolled } = await readApplication(applicationId);
  return isPolled || endpoints.some((endpoint) => 'unreadable' in endpoint || endpoint.order !== undefined);
}
