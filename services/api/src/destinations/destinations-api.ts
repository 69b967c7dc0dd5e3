import { destinationOperations } from '@posthorn/contracts/api/destination';
import { type ApplicationRepository, type EndpointRepository, isId } from '@posthorn/core';
import { createApplicationFinder } from '../applications/find-application.ts';
import { createEndpointFinder } from '../endpoints/find-endpoint.ts';
import type { Seal } from '../endpoints/sealed-headers.ts';
import { json, noContent } from '../http/answer.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { type CreateDestinationDeps, createDestinationCreator } from './create-destination.ts';
import { createDestinationDeleter } from './delete-destination.ts';
import { toDestinationOut } from './destination-out.ts';

export interface DestinationsApiDeps
  extends ApiDeps,
    Pick<CreateDestinationDeps, 'eventTypes' | 'allowHttp' | 'allowedPorts' | 'randomBytes' | 'orderLeaseMs'> {
  readonly applications: Pick<ApplicationRepository, 'find' | 'startOrdering' | 'stopOrdering'>;
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list' | 'delete'>;
  readonly seal: Seal;
}

export function createDestinationsApi(deps: DestinationsApiDeps) {
  const { endpoints, seal } = deps;
  const findApplication = createApplicationFinder(deps.applications);
  const find = createEndpointFinder({ findApplication, endpoints }, 'destination_id', 'fifo');
  const create = createDestinationCreator(deps);
  const remove = createDestinationDeleter(deps);

  return createApi(deps, destinationOperations, {
    'v1.destination.list': async ({ caller, path, query }) => {
      const { order = 'descending' } = query;
      const request = readPageRequest(query, (text) => isId('endpoint', text));
      const { applicationId } = await findApplication(caller, path.app_id);
      const page = await endpoints.list(applicationId, { ...request, order, mode: 'fifo' });
      const { direction } = request;
      const answer = toListAnswer({ query, direction, page, idOf: (it) => it.endpointId, toRow: (it) => it });
      const data = await Promise.all(answer.data.map((endpoint) => toDestinationOut(seal, endpoint)));
      return json(200, { ...answer, data });
    },
    'v1.destination.create': async ({ caller, path }) => {
      const application = await findApplication(caller, path.app_id);
      const { applicationId } = application;
      return {
        ids: [applicationId],
        exists: async (id) => (await endpoints.find(applicationId, id)) !== undefined,
        operate: async ({ body: input, now }) =>
          json(201, await toDestinationOut(seal, await create({ application, input, now }))),
      };
    },
    'v1.destination.get': async (request) => json(200, await toDestinationOut(seal, (await find(request)).endpoint)),
    'v1.destination.delete': async (request) => {
      await remove(await find(request), request.now);
      return noContent();
    },
  });
}
