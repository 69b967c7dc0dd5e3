import type { operationalWebhookOperations } from '@posthorn/contracts/api/operational-webhook';
import { type Endpoint, type EndpointRepository, isId, openHeaders } from '@posthorn/core';
import { publicFormOf } from '@posthorn/core/signing/secret';
import type { Caller } from '@posthorn/secrets/tokens';
import { json, noContent } from '../../http/answer.ts';
import { conflict, notFound } from '../../http/refusals.ts';
import { freshOrigin, nameFrom } from '../../idempotency/request-origin.ts';
import type { Operates } from '../../operations/operate.ts';
import { toListAnswer } from '../../paging/list-answer.ts';
import { readPageRequest } from '../../paging/page-request.ts';
import { replaceOrCreate } from '../../storing/replace-or-create.ts';
import type { UpdateWithRetryDeps } from '../../storing/update-with-retry.ts';
import { createEndpointChanger } from '../change-endpoint.ts';
import { createHeadersChanger } from '../change-headers.ts';
import { createSecretChanger } from '../change-secret.ts';
import { createEndpointCreator } from '../create-endpoint.ts';
import type { UrlRules } from '../endpoint-url.ts';
import type { InsertEndpointDeps } from '../insert-endpoint.ts';
import { type Seal, sealContextOf, toHeadersOut } from '../sealed-headers.ts';
import { hiddenApplicationOf, operationalTypes } from './hidden-application.ts';
import { toOperationalEndpointOut as toOut } from './operational-endpoint-out.ts';

export interface OperationalEndpointsDeps
  extends UpdateWithRetryDeps,
    UrlRules,
    Pick<InsertEndpointDeps, 'maxEndpoints'> {
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list' | 'update' | 'delete'>;
  readonly seal: Seal;
}

interface EndpointRequest {
  readonly caller: Caller;
  readonly path: { readonly endpoint_id: string };
}

/** The code of some of the operations. */
type Some = Partial<Operates<typeof operationalWebhookOperations>>;

/** The endpoints of the organisation itself. They are endpoints of its hidden application. */
export const operationalEndpoints = (deps: OperationalEndpointsDeps) => ({
  ...listAndCreate(deps),
  ...oneEndpoint(deps),
  ...partsOfEndpoint(deps),
});

const createFinder =
  ({ endpoints }: Pick<OperationalEndpointsDeps, 'endpoints'>) =>
  async ({ caller, path }: EndpointRequest): Promise<Endpoint> => {
    const found = await endpoints.find(hiddenApplicationOf(caller).applicationId, path.endpoint_id);
    if (found === undefined) throw notFound();
    return found;
  };

function listAndCreate(deps: OperationalEndpointsDeps) {
  const create = createEndpointCreator({ ...deps, eventTypes: operationalTypes });
  return {
    'v1.operational-webhook.endpoint.list': async ({ caller, query }) => {
      const { order = 'descending' } = query;
      const request = readPageRequest(query, (text) => isId('endpoint', text));
      const { applicationId } = hiddenApplicationOf(caller);
      const page = await deps.endpoints.list(applicationId, { ...request, order, mode: 'standard' });
      const { direction } = request;
      return json(200, toListAnswer({ direction, page, idOf: (it) => it.endpointId, toRow: toOut }));
    },
    'v1.operational-webhook.endpoint.create': async ({ caller }) => {
      const application = hiddenApplicationOf(caller);
      return {
        ids: [],
        exists: async (id) => (await deps.endpoints.find(application.applicationId, id)) !== undefined,
        operate: async ({ body: input, origin, now }) => {
          const created = await create({ caller, application, input, origin, now });
          if (created === 'uid_taken') throw conflict();
          return json(201, toOut(created));
        },
      };
    },
  } satisfies Some;
}

function oneEndpoint(deps: OperationalEndpointsDeps) {
  const find = createFinder(deps);
  const create = createEndpointCreator({ ...deps, eventTypes: operationalTypes });
  const change = createEndpointChanger({ ...deps, eventTypes: operationalTypes });
  return {
    'v1.operational-webhook.endpoint.get': async (request) => json(200, toOut(await find(request))),
    'v1.operational-webhook.endpoint.update': async (request) => {
      const { caller, path, body: input, now } = request;
      const application = hiddenApplicationOf(caller);
      const { kind, thing } = await replaceOrCreate({
        exists: async () => (await deps.endpoints.find(application.applicationId, path.endpoint_id)) !== undefined,
        replace: () => change({ caller, read: () => find(request), toInput: () => input, now }),
        create: () => create({ caller, application, input, origin: freshOrigin(now, deps.randomBytes), now }),
        isNamedByUid: input.uid === path.endpoint_id,
      });
      return json(kind === 'created' ? 201 : 200, toOut(thing));
    },
    'v1.operational-webhook.endpoint.delete': async (request) => {
      await deps.endpoints.delete(await find(request), request.now);
      return noContent();
    },
  } satisfies Some;
}

function partsOfEndpoint(deps: OperationalEndpointsDeps) {
  const find = createFinder(deps);
  const changeHeaders = createHeadersChanger(deps);
  const changeSecret = createSecretChanger(deps);
  return {
    'v1.operational-webhook.endpoint.get-secret': async (request) => {
      const endpoint = await find(request);
      const [current] = endpoint.secrets;
      if (current === undefined) throw notFound();
      return json(200, { key: publicFormOf(await deps.seal.open(current.sealedKey, sealContextOf(endpoint))) });
    },
    'v1.operational-webhook.endpoint.rotate-secret': async (request) => {
      const { endpointId } = await find(request);
      return {
        ids: [endpointId],
        operate: async ({ body: input, origin, now }) => {
          await changeSecret({ read: () => find(request), input, rotation: nameFrom(origin, 'rotation'), now });
          return noContent();
        },
      };
    },
    'v1.operational-webhook.endpoint.get-headers': async (request) =>
      json(200, toHeadersOut(await openHeaders(deps.seal, await find(request)))),
    'v1.operational-webhook.endpoint.update-headers': async (request) => {
      const { body, now } = request;
      await changeHeaders({ read: () => find(request), toHeaders: () => body.headers, now });
      return noContent();
    },
  } satisfies Some;
}
