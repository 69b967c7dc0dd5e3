import {
  endpointHeadersIn,
  endpointHeadersPatch,
  endpointIn,
  endpointPatch,
  endpointStatsQuery,
  endpointUpsert,
} from '@posthorn/contracts/api/endpoint';
import { listQuery } from '@posthorn/contracts/api/paging';
import {
  type ApplicationRepository,
  type Endpoint,
  type EndpointRepository,
  type EventTypeRepository,
  isId,
} from '@posthorn/core';
import { publicFormOf } from '@posthorn/core/signing/secret';
import { createFindApplication, notFound } from '../authentication/find-application.ts';
import { createFindEndpoint } from '../endpoint/find-endpoint.ts';
import type { NewEndpointDeps } from '../endpoint/new-endpoint.ts';
import { openHeaders, type Seal, sealContextOf, toHeadersOut } from '../endpoint/sealed-headers.ts';
import { json, noContent } from '../http/answer.ts';
import { type ApiDeps, createApi, type Operations } from '../http/api.ts';
import { readBody } from '../http/read-body.ts';
import { readQuery } from '../http/read-query.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { createChangeEndpoint } from './change-endpoint.ts';
import { createChangeHeaders, patchHeaders } from './change-headers.ts';
import { createCreateEndpoint } from './create-endpoint.ts';
import { patchedInput } from './endpoint-content.ts';
import { toEndpointOut } from './endpoint-out.ts';
import { createGetStats, type GetStatsDeps } from './get-stats.ts';

export interface EndpointsApiDeps extends ApiDeps, GetStatsDeps, Pick<NewEndpointDeps, 'randomBytes'> {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list' | 'update' | 'delete'>;
  readonly eventTypes: Pick<EventTypeRepository, 'findAll'>;
  readonly seal: Seal;
  /** Whether endpoints may be spoken to without TLS. */
  readonly allowHttp: boolean;
}

export const createEndpointsApi = (deps: EndpointsApiDeps) =>
  createApi(deps, { ...listAndCreate(deps), ...oneEndpoint(deps), ...partsOfEndpoint(deps) });

function listAndCreate(deps: EndpointsApiDeps) {
  const findApplication = createFindApplication(deps.applications);
  const create = createCreateEndpoint(deps);
  return {
    'v1.endpoint.list': async ({ caller, param, search }) => {
      const { order = 'descending', ...walk } = readQuery(listQuery, search);
      const request = readPageRequest(walk, (text) => isId('endpoint', text));
      const { applicationId } = await findApplication(caller, param('app_id'));
      const page = await deps.endpoints.list(applicationId, { ...request, order, mode: 'standard' });
      const { direction } = request;
      return json(200, toListAnswer({ walk, direction, page, idOf: (it) => it.endpointId, toRow: toEndpointOut }));
    },
    'v1.endpoint.create': async ({ caller, param, body, now }) => {
      const input = readBody(endpointIn, body);
      const application = await findApplication(caller, param('app_id'));
      return json(201, toEndpointOut(await create({ application, input, now })));
    },
  } satisfies Operations;
}

function oneEndpoint(deps: EndpointsApiDeps) {
  const findApplication = createFindApplication(deps.applications);
  const find = createFindEndpoint({ findApplication, endpoints: deps.endpoints }, 'endpoint_id', 'standard');
  const create = createCreateEndpoint(deps);
  const change = createChangeEndpoint(deps);
  return {
    'v1.endpoint.get': async (request) => json(200, toEndpointOut((await find(request)).endpoint)),
    'v1.endpoint.update': async (request) => {
      const input = readBody(endpointUpsert, request.body);
      const application = await findApplication(request.caller, request.param('app_id'));
      const existing = await deps.endpoints.find(application.applicationId, request.param('endpoint_id'));
      if (!existing) return json(201, toEndpointOut(await create({ application, input, now: request.now })));
      const read = async () => (await find(request)).endpoint;
      return json(200, toEndpointOut(await change({ read, toInput: () => input, now: request.now })));
    },
    'v1.endpoint.patch': async (request) => {
      const patch = readBody(endpointPatch, request.body);
      const read = async () => (await find(request)).endpoint;
      const toInput = (previous: Endpoint, first: Endpoint) => patchedInput(previous, patch, first);
      return json(200, toEndpointOut(await change({ read, toInput, now: request.now })));
    },
    'v1.endpoint.delete': async (request) => {
      await deps.endpoints.delete((await find(request)).endpoint);
      return noContent();
    },
  } satisfies Operations;
}

/** What endpoints of both modes have. */
function partsOfEndpoint(deps: EndpointsApiDeps) {
  const findApplication = createFindApplication(deps.applications);
  const find = createFindEndpoint({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const changeHeaders = createChangeHeaders(deps);
  const getStats = createGetStats(deps);
  return {
    'v1.endpoint.get-secret': async (request) => {
      const { endpoint } = await find(request);
      const [current] = endpoint.secrets;
      if (current === undefined) throw notFound();
      return json(200, { key: publicFormOf(await deps.seal.open(current.sealedKey, sealContextOf(endpoint))) });
    },
    'v1.endpoint.get-headers': async (request) => {
      const { endpoint } = await find(request);
      return json(200, toHeadersOut(await openHeaders(deps.seal, endpoint)));
    },
    'v1.endpoint.update-headers': async (request) => {
      const { headers } = readBody(endpointHeadersIn, request.body);
      const read = async () => (await find(request)).endpoint;
      await changeHeaders({ read, toHeaders: () => headers, now: request.now });
      return noContent();
    },
    'v1.endpoint.patch-headers': async (request) => {
      const patch = readBody(endpointHeadersPatch, request.body);
      const read = async () => (await find(request)).endpoint;
      await changeHeaders({ read, toHeaders: (previous) => patchHeaders(previous, patch), now: request.now });
      return noContent();
    },
    'v1.endpoint.get-stats': async (request) => {
      const query = readQuery(endpointStatsQuery, request.search);
      const { endpoint } = await find(request);
      return json(200, await getStats(endpoint.endpointId, query, request.now));
    },
  } satisfies Operations;
}
