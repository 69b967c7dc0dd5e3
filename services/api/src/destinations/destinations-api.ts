import { destinationOperations } from '@posthorn/contracts/api/destination';
import { type ApplicationRepository, type EndpointRepository, isId } from '@posthorn/core';
import { createFindApplication } from '../authentication/find-application.ts';
import { createFindEndpoint } from '../endpoint/find-endpoint.ts';
import type { Seal } from '../endpoint/sealed-headers.ts';
import { json, noContent } from '../http/answer.ts';
import { type ApiDeps, createApi } from '../http/api.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { type CreateDestinationDeps, createCreateDestination } from './create-destination.ts';
import { createDeleteDestination } from './delete-destination.ts';
import { toDestinationOut } from './destination-out.ts';

export interface DestinationsApiDeps
  extends ApiDeps,
    Pick<CreateDestinationDeps, 'eventTypes' | 'allowHttp' | 'randomBytes' | 'orderLeaseMs'> {
  readonly applications: Pick<ApplicationRepository, 'find' | 'startOrdering' | 'stopOrdering'>;
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list' | 'delete'>;
  readonly seal: Seal;
}

export function createDestinationsApi(deps: DestinationsApiDeps) {
  const { endpoints, seal } = deps;
  const findApplication = createFindApplication(deps.applications);
  const find = createFindEndpoint({ findApplication, endpoints }, 'destination_id', 'fifo');
  const create = createCreateDestination(deps);
  const remove = createDeleteDestination(deps);

  return createApi(deps, destinationOperations, {
    'v1.destination.list': async ({ caller, path, query }) => {
      const { order = 'descending', ...walk } = query;
      const request = readPageRequest(walk, (text) => isId('endpoint', text));
      const { applicationId } = await findApplication(caller, path.app_id);
      const page = await endpoints.list(applicationId, { ...request, order, mode: 'fifo' });
      const { direction } = request;
      const answer = toListAnswer({ walk, direction, page, idOf: (it) => it.endpointId, toRow: (it) => it });
      const data = await Promise.all(answer.data.map((endpoint) => toDestinationOut(seal, endpoint)));
      return json(200, { ...answer, data });
    },
    'v1.destination.create': async ({ caller, path, body: input, now }) => {
      const application = await findApplication(caller, path.app_id);
      return json(201, await toDestinationOut(seal, await create({ application, input, now })));
    },
    'v1.destination.get': async (request) => json(200, await toDestinationOut(seal, (await find(request)).endpoint)),
    'v1.destination.delete': async (request) => {
      await remove(await find(request));
      return noContent();
    },
  });
}
