import type { EndpointUpsert } from '@posthorn/contracts/api/endpoint';
import type { Endpoint, EndpointRepository } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';
import { checkEventTypes, type EventTypeNames } from './check-event-types.ts';
import { endpointContent, withContent } from './endpoint-content.ts';
import type { UrlRules } from './endpoint-url.ts';

export interface ChangeEndpointDeps extends UpdateWithRetryDeps, UrlRules {
  readonly endpoints: Pick<EndpointRepository, 'update'>;
  readonly eventTypes: EventTypeNames;
}

interface Change {
  readonly caller: Caller;
  /** Reads the current endpoint. */
  readonly read: () => Promise<Endpoint>;
  /** The content that the request gives it. `first` decides between two names of one field. */
  readonly toInput: (previous: Endpoint, first: Endpoint) => EndpointUpsert;
  readonly now: Date;
}

/** Changes an endpoint. Added event types must exist for the caller. Those that it already had may be archived. */
export const createEndpointChanger =
  (deps: ChangeEndpointDeps) =>
  ({ caller, read, toInput, now }: Change): Promise<Endpoint> =>
    updateWithRetry(deps, {
      read,
      write: deps.endpoints.update,
      change: async (previous, first) => {
        const content = endpointContent(toInput(previous, first), deps, first);
        const added = content.eventTypes?.filter((name) => !previous.eventTypes?.includes(name));
        await checkEventTypes(deps.eventTypes, caller, added);
        return withContent(previous, content, now);
      },
    });
