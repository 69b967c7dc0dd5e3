import type { EndpointIn } from '@posthorn/contracts/api/endpoint';
import type { Application, Endpoint } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { checkEventTypes, type EventTypeNames } from './check-event-types.ts';
import { endpointContent } from './endpoint-content.ts';
import type { UrlRules } from './endpoint-url.ts';
import { type InsertEndpointDeps, insertEndpoint, limitReached } from './insert-endpoint.ts';
import { type NewEndpointDeps, newEndpoint } from './new-endpoint.ts';

export interface CreateEndpointDeps extends NewEndpointDeps, InsertEndpointDeps, UrlRules {
  readonly eventTypes: EventTypeNames;
}

interface CreateEndpointRequest {
  readonly caller: Caller;
  readonly application: Pick<Application, 'organisationId' | 'applicationId'>;
  readonly input: EndpointIn;
  readonly origin: RequestOrigin;
  readonly now: Date;
}

/**
 * Creates an endpoint. Its uid, if it has one, must be free within the application. The same request creates it once,
 * however often it is taken up again.
 *
 * @throws DomainError `limit_reached` if the application has as many endpoints as it may have
 */
export const createEndpointCreator =
  (deps: CreateEndpointDeps) =>
  async ({ caller, application, input, origin, now }: CreateEndpointRequest): Promise<Endpoint | 'uid_taken'> => {
    const endpointId = idFrom(origin, 'endpoint');
    const created = origin.isResumed ? await deps.endpoints.find(application.applicationId, endpointId) : undefined;
    if (created) return created;
    const content = endpointContent(input, deps);
    await checkEventTypes(deps.eventTypes, caller, content.eventTypes);
    const secret = { text: input.secret, loc: ['body', 'secret'] };
    const headers = { headers: input.headers, loc: ['body', 'headers'] };
    const endpoint = await newEndpoint(deps, { application, endpointId, content, secret, headers, now });
    const inserted = await insertEndpoint(deps, endpoint);
    if (inserted === 'limit_reached') throw limitReached(deps);
    return inserted;
  };
