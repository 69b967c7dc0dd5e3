import type { DestinationIn } from '@posthorn/contracts/api/destination';
import type { Application, Endpoint, EndpointRepository, EventTypeRepository } from '@posthorn/core';
import { checkEventTypes } from '../endpoints/check-event-types.ts';
import type { UrlRules } from '../endpoints/endpoint-url.ts';
import { type NewEndpointDeps, newEndpoint } from '../endpoints/new-endpoint.ts';
import { conflict } from '../http/refusals.ts';
import { confirmOrdering, type KeepOrderingDeps, startOrdering, stopUnusedOrdering } from './keep-ordering.ts';
import { destinationContent } from './read-destination.ts';

export interface CreateDestinationDeps extends NewEndpointDeps, KeepOrderingDeps, UrlRules {
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'list'>;
  readonly eventTypes: Pick<EventTypeRepository, 'findAll'>;
}

interface CreateDestinationRequest {
  readonly application: Application;
  readonly input: DestinationIn;
  readonly now: Date;
}

/** Creates a destination. It becomes visible when its application's messages are written in order. */
export const createDestinationCreator =
  (deps: CreateDestinationDeps) =>
  async ({ application, input, now }: CreateDestinationRequest): Promise<Endpoint> => {
    const content = destinationContent(input, deps);
    await checkEventTypes(deps.eventTypes, application.organisationId, content.eventTypes);
    const secret = { text: input.config.key, loc: ['body', 'config', 'key'] };
    const headers = { headers: input.config.headers, loc: ['body', 'config', 'headers'] };
    const endpoint = await newEndpoint(deps, { application, content, secret, headers, now });
    const orderedAt = await startOrdering(deps, application);
    if ((await deps.endpoints.insert(endpoint)) === 'uid_taken') {
      await stopUnusedOrdering(deps, application, orderedAt);
      throw conflict();
    }
    await confirmOrdering(deps, application);
    return endpoint;
  };
