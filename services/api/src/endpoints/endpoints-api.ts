import { deliveryOperations } from '@posthorn/contracts/api/delivery';
import { endpointOperations } from '@posthorn/contracts/api/endpoint';
import {
  type ApplicationRepository,
  type Endpoint,
  type EndpointRepository,
  type EventTypeRepository,
  isId,
  openHeaders,
} from '@posthorn/core';
import { publicFormOf } from '@posthorn/core/signing/secret';
import { createApplicationFinder } from '../applications/find-application.ts';
import { json, noContent } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import type { Operates } from '../operations/operate.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { createEndpointChanger } from './change-endpoint.ts';
import { createHeadersChanger, patchHeaders } from './change-headers.ts';
import { createSecretChanger } from './change-secret.ts';
import { createEndpointCreator } from './create-endpoint.ts';
import { patchedInput } from './endpoint-content.ts';
import { toEndpointOut } from './endpoint-out.ts';
import type { UrlRules } from './endpoint-url.ts';
import { createEndpointFinder } from './find-endpoint.ts';
import { createStatsReader, type GetStatsDeps } from './get-stats.ts';
import { createDeliveriesLister, type ListDeliveriesDeps } from './list-deliveries.ts';
import type { NewEndpointDeps } from './new-endpoint.ts';
import { type Headers, type Seal, sealContextOf, toHeadersOut } from './sealed-headers.ts';

export interface EndpointsApiDeps extends ApiDeps, GetStatsDeps, UrlRules, Pick<NewEndpointDeps, 'randomBytes'> {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list' | 'update' | 'delete'>;
  readonly eventTypes: Pick<EventTypeRepository, 'findAll'>;
  readonly deliveries: GetStatsDeps['deliveries'] & ListDeliveriesDeps['deliveries'];
  readonly seal: Seal;
}

export const createEndpointsApi = (deps: EndpointsApiDeps) =>
  createApi(
    deps,
    { ...endpointOperations, ...deliveryOperations },
    { ...listAndCreate(deps), ...oneEndpoint(deps), ...partsOfEndpoint(deps), ...deliveriesOfEndpoint(deps) },
  );

/** The code of some of the operations. */
type Some = Partial<Operates<typeof endpointOperations>>;

function listAndCreate(deps: EndpointsApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const create = createEndpointCreator(deps);
  return {
    'v1.endpoint.list': async ({ caller, path, query }) => {
      const { order = 'descending' } = query;
      const request = readPageRequest(query, (text) => isId('endpoint', text));
      const { applicationId } = await findApplication(caller, path.app_id);
      const page = await deps.endpoints.list(applicationId, { ...request, order, mode: 'standard' });
      const { direction } = request;
      return json(200, toListAnswer({ query, direction, page, idOf: (it) => it.endpointId, toRow: toEndpointOut }));
    },
    'v1.endpoint.create': async ({ caller, path }) => {
      const application = await findApplication(caller, path.app_id);
      const { applicationId } = application;
      return {
        ids: [applicationId],
        exists: async (id) => (await deps.endpoints.find(applicationId, id)) !== undefined,
        operate: async ({ body: input, now }) => json(201, toEndpointOut(await create({ application, input, now }))),
      };
    },
  } satisfies Some;
}

function oneEndpoint(deps: EndpointsApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const find = createEndpointFinder({ findApplication, endpoints: deps.endpoints }, 'endpoint_id', 'standard');
  const create = createEndpointCreator(deps);
  const change = createEndpointChanger(deps);
  return {
    'v1.endpoint.get': async (request) => json(200, toEndpointOut((await find(request)).endpoint)),
    'v1.endpoint.update': async (request) => {
      const { caller, path, body: input } = request;
      const application = await findApplication(caller, path.app_id);
      const existing = await deps.endpoints.find(application.applicationId, path.endpoint_id);
      if (!existing) return json(201, toEndpointOut(await create({ application, input, now: request.now })));
      const read = async () => (await find(request)).endpoint;
      return json(200, toEndpointOut(await change({ read, toInput: () => input, now: request.now })));
    },
    'v1.endpoint.patch': async (request) => {
      const read = async () => (await find(request)).endpoint;
      const toInput = (previous: Endpoint, first: Endpoint) => patchedInput(previous, request.body, first);
      return json(200, toEndpointOut(await change({ read, toInput, now: request.now })));
    },
    'v1.endpoint.delete': async (request) => {
      await deps.endpoints.delete((await find(request)).endpoint, request.now);
      return noContent();
    },
  } satisfies Some;
}

/** Operations for endpoints of both modes. */
function partsOfEndpoint(deps: EndpointsApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const find = createEndpointFinder({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const changeHeaders = createHeadersChanger(deps);
  const changeSecret = createSecretChanger(deps);
  const getStats = createStatsReader(deps);
  return {
    'v1.endpoint.get-secret': async (request) => {
      const { endpoint } = await find(request);
      const [current] = endpoint.secrets;
      if (current === undefined) throw notFound();
      return json(200, { key: publicFormOf(await deps.seal.open(current.sealedKey, sealContextOf(endpoint))) });
    },
    'v1.endpoint.rotate-secret': async (request) => {
      const { application, endpoint } = await find(request);
      return {
        ids: [application.applicationId, endpoint.endpointId],
        operate: async ({ body: input, now }) => {
          await changeSecret({ read: async () => (await find(request)).endpoint, input, now });
          return noContent();
        },
      };
    },
    'v1.endpoint.get-headers': async (request) => {
      const { endpoint } = await find(request);
      return json(200, toHeadersOut(await openHeaders(deps.seal, endpoint)));
    },
    'v1.endpoint.update-headers': async (request) => {
      const read = async () => (await find(request)).endpoint;
      await changeHeaders({ read, toHeaders: () => request.body.headers, now: request.now });
      return noContent();
    },
    'v1.endpoint.patch-headers': async (request) => {
      const read = async () => (await find(request)).endpoint;
      const toHeaders = (previous: Headers) => patchHeaders(previous, request.body);
      await changeHeaders({ read, toHeaders, now: request.now });
      return noContent();
    },
    'v1.endpoint.get-stats': async (request) => {
      const { endpoint } = await find(request);
      return json(200, await getStats(endpoint, request.query, request.now));
    },
  } satisfies Some;
}

/** Of an endpoint of either mode, or of one that was deleted. */
function deliveriesOfEndpoint(deps: EndpointsApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const listDeliveries = createDeliveriesLister(deps);
  return {
    'v1.delivery.list': async ({ caller, path, query, now }) => {
      const application = await findApplication(caller, path.app_id);
      return json(200, await listDeliveries({ application, idOrUid: path.endpoint_id, query, now }));
    },
  } satisfies Operates<typeof deliveryOperations>;
}
