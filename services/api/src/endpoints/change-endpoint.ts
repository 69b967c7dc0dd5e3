import type { EndpointUpsert } from '@posthorn/contracts/api/endpoint';
import type { Endpoint, EndpointRepository, EventTypeRepository } from '@posthorn/core';
import { checkEventTypes } from '../endpoint/check-event-types.ts';
import { retryStale } from '../storing/retry-stale.ts';
import { endpointContent, withContent } from './endpoint-content.ts';

export interface ChangeEndpointDeps {
  readonly endpoints: Pick<EndpointRepository, 'update'>;
  readonly eventTypes: Pick<EventTypeRepository, 'findAll'>;
  readonly allowHttp: boolean;
}

interface Change {
  /** Reads the endpoint as it now is. */
  readonly read: () => Promise<Endpoint>;
  /** What is to become of it. */
  readonly toInput: (previous: Endpoint) => EndpointUpsert;
  readonly now: Date;
}

/** Changes an endpoint. Event types that it already asked for may have been archived since; new ones must be live. */
export const createChangeEndpoint =
  ({ endpoints, eventTypes, allowHttp }: ChangeEndpointDeps) =>
  ({ read, toInput, now }: Change): Promise<Endpoint> =>
    retryStale(async () => {
      const previous = await read();
      const content = endpointContent(toInput(previous), { allowHttp });
      const added = content.eventTypes?.filter((name) => !previous.eventTypes?.includes(name));
      await checkEventTypes(eventTypes, previous.organisationId, added);
      const result = withContent(previous, content, now);
      return { result, written: await endpoints.update(result, previous) };
    });
