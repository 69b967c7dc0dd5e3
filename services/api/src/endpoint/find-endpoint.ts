import type { Application, Endpoint, EndpointMode, EndpointRepository } from '@posthorn/core';
import type { Caller } from '../authentication/caller.ts';
import { type FindApplication, notFound } from '../authentication/find-application.ts';

export interface FindEndpointDeps {
  readonly findApplication: FindApplication;
  readonly endpoints: Pick<EndpointRepository, 'find'>;
}

interface Named {
  readonly caller: Caller;
  readonly param: (name: string) => string;
}

/**
 * The endpoint that a path names, with its application. With a mode, one of the other mode is as if it was not there:
 * endpoints and destinations have routes of their own.
 */
export const createFindEndpoint =
  ({ findApplication, endpoints }: FindEndpointDeps, parameter: string, mode?: EndpointMode) =>
  async ({ caller, param }: Named): Promise<{ application: Application; endpoint: Endpoint }> => {
    const application = await findApplication(caller, param('app_id'));
    const endpoint = await endpoints.find(application.applicationId, param(parameter));
    if (!endpoint || (mode && mode !== modeOf(endpoint))) throw notFound();
    return { application, endpoint };
  };

const modeOf = ({ order }: Endpoint): EndpointMode => (order ? 'fifo' : 'standard');
