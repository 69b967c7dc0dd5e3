import type { Application, ApplicationRepository, FanOutApplication } from '@posthorn/core';

export interface StopUnusedOrderingDeps extends Pick<ApplicationRepository, 'findAccepting' | 'stopOrdering'> {
  readonly readApplication: (applicationId: string) => Promise<FanOutApplication>;
}

export type StopUnusedOrdering = (application: Pick<Application, 'organisationId' | 'applicationId'>) => Promise<void>;

/**
 * Stops the ordering of an application that is no longer polled, if it has no destination. It may be repeated. Whoever needs
 * the order starts it after writing what is looked for here, so it is seen, or the order has more starts than were read.
 */
export const createOrderingStopper =
  (deps: StopUnusedOrderingDeps): StopUnusedOrdering =>
  async ({ organisationId, applicationId }) => {
    const application = await deps.findAccepting(organisationId, applicationId);
    if (application?.orderedAt === undefined || (await needsOrdering(deps, applicationId))) return;
    await deps.stopOrdering(application);
  };

/** An endpoint that cannot be read may be a destination. */
async function needsOrdering(
  { readApplication }: Pick<StopUnusedOrderingDeps, 'readApplication'>,
  applicationId: string,
): Promise<boolean> {
  const { endpoints, isPolled } = await readApplication(applicationId);
  return isPolled || endpoints.some((endpoint) => 'unreadable' in endpoint || endpoint.order !== undefined);
}
