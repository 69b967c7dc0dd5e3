import type { DestinationIn } from '@posthorn/contracts/api/destination';
import type { Application, Endpoint, EndpointRepository, EventTypeRepository } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { checkEventTypes } from '../endpoints/check-event-types.ts';
import type { UrlRules } from '../endpoints/endpoint-url.ts';
import { type InsertEndpointDeps, insertEndpoint, limitReached } from '../endpoints/insert-endpoint.ts';
import { type NewEndpointDeps, newEndpoint } from '../endpoints/new-endpoint.ts';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { type KeepOrderingDeps, startOrdering, stopUnusedOrdering } from './keep-ordering.ts';
import { destinationContent } from './read-destination.ts';

export interface CreateDestinationDeps extends NewEndpointDeps, KeepOrderingDeps, InsertEndpointDeps, UrlRules {
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list'>;
  readonly eventTypes: Pick<EventTypeRepository, 'findAll'>;
}

interface CreateDestinationRequest {
  readonly caller: Caller;
  readonly application: Application;
  readonly input: DestinationIn;
  readonly origin: RequestOrigin;
  readonly now: Date;
}

/**
 * Creates a destination. It becomes visible when its application's messages are written in order. The same request creates
 * it once, however often it is taken up again.
 *
 * @throws DomainError `limit_reached` if the application has as many endpoints as it may have
 */
export const createDestinationCreator =
  (deps: CreateDestinationDeps) =>
  async (request: CreateDestinationRequest): Promise<Endpoint | 'uid_taken'> => {
    const { application, origin } = request;
    const endpointId = idFrom(origin, 'endpoint');
    const created = origin.isResumed ? await deps.endpoints.find(application.applicationId, endpointId) : undefined;
    const inserted = created ?? (await insertInOrder(deps, application, await draft(deps, request, endpointId)));
    if (inserted === 'limit_reached') throw limitReached(deps);
    // Again: the deletion of another destination may not have seen this one, and stopped the order.
    if (inserted !== 'uid_taken') await startOrdering(deps, application);
    return inserted;
  };

async function draft(
  deps: CreateDestinationDeps,
  { caller, application, input, now }: CreateDestinationRequest,
  endpointId: string,
): Promise<Endpoint> {
  const content = destinationContent(input, deps);
  await checkEventTypes(deps.eventTypes, caller, content.eventTypes);
  const secret = { text: input.config.key, loc: ['body', 'config', 'key'] };
  const headers = { headers: input.config.headers, loc: ['body', 'config', 'headers'] };
  return newEndpoint(deps, { application, endpointId, content, secret, headers, now });
}

async function insertInOrder(deps: CreateDestinationDeps, application: Application, endpoint: Endpoint) {
  const orderStarts = await startOrdering(deps, application);
  const inserted = await insertEndpoint(deps, endpoint);
  if (typeof inserted === 'string') await stopUnusedOrdering(deps, { ...application, orderStarts });
  return inserted;
}
