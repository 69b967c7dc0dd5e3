import { deliveryOperations } from '@posthorn/contracts/api/delivery';
import { endpointOperations } from '@posthorn/contracts/api/endpoint';
import { failingEndpointOperations } from '@posthorn/contracts/api/failing-endpoint';
import { operationalWebhookOperations } from '@posthorn/contracts/api/operational-webhook';
import { endpointTransformationOperations } from '@posthorn/contracts/api/transformation';
import { type Endpoint, type EndpointRepository, type EventTypeRepository, isId } from '@posthorn/core';
import { createApplicationFinder } from '../applications/find-application.ts';
import { json, noContent } from '../http/answer.ts';
import { conflict } from '../http/refusals.ts';
import { freshOrigin } from '../idempotency/request-origin.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import type { Operates } from '../operations/operate.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { replaceOrCreate } from '../storing/replace-or-create.ts';
import { createEndpointChanger } from './change-endpoint.ts';
import { createEndpointCreator } from './create-endpoint.ts';
import { patchedInput } from './endpoint-content.ts';
import { toEndpointOut } from './endpoint-out.ts';
import type { UrlRules } from './endpoint-url.ts';
import { createEndpointFinder } from './find-endpoint.ts';
import type { InsertEndpointDeps } from './insert-endpoint.ts';
import { createDeliveriesLister, type ListDeliveriesDeps } from './list-deliveries.ts';
import { createFailingLister } from './list-failing.ts';
import { operationalEndpoints } from './operational/operational-endpoints.ts';
import { type EndpointPartsDeps, partsOfEndpoint } from './parts-of-endpoint.ts';
import { transformationOfEndpoint } from './transformation-of-endpoint.ts';

export interface EndpointsApiDeps
  extends ApiDeps,
    EndpointPartsDeps,
    UrlRules,
    Pick<InsertEndpointDeps, 'maxEndpoints'> {
  readonly claims: ApiDeps['claims'] & EndpointPartsDeps['claims'];
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list' | 'listAll' | 'update' | 'delete'>;
  readonly eventTypes: Pick<EventTypeRepository, 'find' | 'findAll'>;
  readonly deliveries: EndpointPartsDeps['deliveries'] & ListDeliveriesDeps['deliveries'];
  readonly seal: EndpointPartsDeps['seal'];
}

export const createEndpointsApi = (deps: EndpointsApiDeps) =>
  createApi(
    deps,
    {
      ...endpointOperations,
      ...endpointTransformationOperations,
      ...deliveryOperations,
      ...failingEndpointOperations,
      ...operationalWebhookOperations,
    },
    {
      ...listAndCreate(deps),
      ...oneEndpoint(deps),
      ...partsOfEndpoint(deps),
      ...transformationOfEndpoint(deps),
      ...deliveriesOfEndpoint(deps),
      ...failingEndpoints(deps),
      ...operationalEndpoints(deps),
    },
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
      return json(200, toListAnswer({ direction, page, idOf: (it) => it.endpointId, toRow: toEndpointOut }));
    },
    'v1.endpoint.create': async ({ caller, path }) => {
      const application = await findApplication(caller, path.app_id);
      const { applicationId } = application;
      return {
        ids: [applicationId],
        exists: async (id) => (await deps.endpoints.find(applicationId, id)) !== undefined,
        operate: async ({ body: input, origin, now }) => {
          const created = await create({ caller, application, input, origin, now });
          if (created === 'uid_taken') throw conflict();
          return json(201, toEndpointOut(created));
        },
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
      const { caller, path, body: input, now } = request;
      const application = await findApplication(caller, path.app_id);
      const read = async () => (await find(request)).endpoint;
      const { kind, thing } = await replaceOrCreate({
        exists: async () => (await deps.endpoints.find(application.applicationId, path.endpoint_id)) !== undefined,
        replace: () => change({ caller, read, toInput: () => input, now }),
        create: () => create({ caller, application, input, origin: freshOrigin(now, deps.randomBytes), now }),
        isNamedByUid: input.uid === path.endpoint_id,
      });
      return json(kind === 'created' ? 201 : 200, toEndpointOut(thing));
    },
    'v1.endpoint.patch': async (request) => {
      const read = async () => (await find(request)).endpoint;
      const toInput = (previous: Endpoint, first: Endpoint) => patchedInput(previous, request.body, first);
      return json(200, toEndpointOut(await change({ caller: request.caller, read, toInput, now: request.now })));
    },
    'v1.endpoint.delete': async (request) => {
      await deps.endpoints.delete((await find(request)).endpoint, request.now);
      return noContent();
    },
  } satisfies Some;
}

function failingEndpoints(deps: EndpointsApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const listFailing = createFailingLister(deps.endpoints);
  return {
    'v1.failing-endpoint.list': async ({ caller, path, query }) => {
      const request = readPageRequest(query, (text) => isId('endpoint', text));
      const { applicationId } = await findApplication(caller, path.app_id);
      const page = await listFailing(applicationId, request);
      const { direction } = request;
      return json(200, toListAnswer({ direction, page, idOf: ({ id }) => id, toRow: (row) => row }));
    },
  } satisfies Operates<typeof failingEndpointOperations>;
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
