import type { Application, Endpoint, EndpointMode, EndpointRepository } from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import type { FindApplication } from '../applications/find-application.ts';
import { notFound } from '../http/refusals.ts';

type NamedApplication = Pick<Application, 'organisationId' | 'applicationId'>;

export interface FindEndpointDeps<Found extends NamedApplication = Application> {
  readonly findApplication: FindApplication<Found>;
  readonly endpoints: Pick<EndpointRepository, 'find'>;
}

interface EndpointRequest<Parameter extends string> {
  readonly caller: Caller;
  readonly path: Readonly<Record<'app_id' | Parameter, string>>;
}

/**
 * Finds the endpoint that a path names, with its application. With a mode, an endpoint of the other mode is not found:
 * endpoints and destinations have separate routes.
 */
export const createEndpointFinder =
  <Parameter extends string, Found extends NamedApplication = Application>(
    { findApplication, endpoints }: FindEndpointDeps<Found>,
    parameter: Parameter,
    mode?: EndpointMode,
  ) =>
  async ({ caller, path }: EndpointRequest<Parameter>): Promise<{ application: Found; endpoint: Endpoint }> => {
    const application = await findApplication(caller, path.app_id);
    const endpoint = await endpoints.find(application.applicationId, path[parameter]);
    if (!endpoint || (mode && mode !== modeOf(endpoint))) throw notFound();
    return { application, endpoint };
  };

const modeOf = ({ order }: Endpoint): EndpointMode => (order ? 'fifo' : 'standard');
