import type { EndpointIn } from '@posthorn/contracts/api/endpoint';
import type { Application, Endpoint, EndpointRepository, EventTypeRepository } from '@posthorn/core';
import { conflict } from '../http/refusals.ts';
import { checkEventTypes } from './check-event-types.ts';
import { endpointContent } from './endpoint-content.ts';
import type { UrlRules } from './endpoint-url.ts';
import { type NewEndpointDeps, newEndpoint } from './new-endpoint.ts';

export interface CreateEndpointDeps extends NewEndpointDeps, UrlRules {
  readonly endpoints: Pick<EndpointRepository, 'insert'>;
  readonly eventTypes: Pick<EventTypeRepository, 'findAll'>;
}

interface CreateEndpointRequest {
  readonly application: Application;
  readonly input: EndpointIn;
  readonly now: Date;
}

/** Creates an endpoint. Its uid, if it has one, must be free within the application. */
export const createEndpointCreator =
  (deps: CreateEndpointDeps) =>
  async ({ application, input, now }: CreateEndpointRequest): Promise<Endpoint> => {
    const content = endpointContent(input, deps);
    await checkEventTypes(deps.eventTypes, application.organisationId, content.eventTypes);
    const secret = { text: input.secret, loc: ['body', 'secret'] };
    const headers = { headers: input.headers, loc: ['body', 'headers'] };
    const endpoint = await newEndpoint(deps, { application, content, secret, headers, now });
    if ((await deps.endpoints.insert(endpoint)) === 'uid_taken') throw conflict();
    return endpoint;
  };
