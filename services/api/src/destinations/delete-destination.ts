import type { Application, Endpoint, EndpointRepository } from '@posthorn/core';
import { type KeepOrderingDeps, stopUnusedOrdering } from './keep-ordering.ts';

export interface DeleteDestinationDeps extends Pick<KeepOrderingDeps, 'applications'> {
  readonly endpoints: Pick<EndpointRepository, 'list' | 'delete'>;
}

/** Deletes a destination; with the last one ends the order of its application's messages. */
export const createDestinationDeleter =
  (deps: DeleteDestinationDeps) =>
  async ({ application, endpoint }: { application: Application; endpoint: Endpoint }): Promise<void> => {
    await deps.endpoints.delete(endpoint);
    if (application.orderedAt) await stopUnusedOrdering(deps, application, application.orderedAt);
  };
