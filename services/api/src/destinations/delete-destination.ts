import type { Application, Endpoint, EndpointRepository } from '@posthorn/core';
import { type KeepOrderingDeps, stopUnusedOrdering } from './keep-ordering.ts';

export interface DeleteDestinationDeps extends Pick<KeepOrderingDeps, 'applications' | 'pollStates'> {
  readonly endpoints: Pick<EndpointRepository, 'list' | 'delete'>;
}

/** Deletes a destination. After the last one, the application's messages are no longer in order, unless someone polls. */
export const createDestinationDeleter =
  (deps: DeleteDestinationDeps) =>
  async (
    { application, endpoint }: { readonly application: Application; readonly endpoint: Endpoint },
    now: Date,
  ): Promise<void> => {
    await deps.endpoints.delete(endpoint, now);
    if (application.orderedAt) await stopUnusedOrdering(deps, application);
  };
