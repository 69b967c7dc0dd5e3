import { destinationOperations } from '@posthorn/contracts/api/destination';
import { destinationTransformationOperations } from '@posthorn/contracts/api/transformation';
import { type ApplicationRepository, type Endpoint, type EndpointRepository, isId } from '@posthorn/core';
import { createApplicationFinder } from '../applications/find-application.ts';
import { createEndpointFinder } from '../endpoints/find-endpoint.ts';
import type { Seal } from '../endpoints/sealed-headers.ts';
import { transformationOfDestination } from '../endpoints/transformation-of-endpoint.ts';
import { json, noContent } from '../http/answer.ts';
import { conflict } from '../http/refusals.ts';
import { freshOrigin } from '../idempotency/request-origin.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { replaceOrCreate } from '../storing/replace-or-create.ts';
import { createDestinationPatcher, createDestinationReplacer } from './change-destination.ts';
import { type CommandHeadDeps, createHeadCommander } from './command-head.ts';
import { type CreateDestinationDeps, createDestinationCreator } from './create-destination.ts';
import { createDestinationDeleter } from './delete-destination.ts';
import { toDestinationOut } from './destination-out.ts';
import { readState, readStates } from './destination-state.ts';

export interface DestinationsApiDeps
  extends ApiDeps,
    Pick<CreateDestinationDeps, 'eventTypes' | 'allowHttp' | 'allowedPorts' | 'maxEndpoints' | 'orderLeaseMs'> {
  readonly applications: Pick<ApplicationRepository, 'find' | 'startOrdering' | 'settleOrdering' | 'stopOrdering'>;
  readonly endpoints: Pick<EndpointRepository, 'insert' | 'find' | 'list' | 'update' | 'delete'>;
  readonly pollStates: CreateDestinationDeps['pollStates'];
  readonly groups: CommandHeadDeps['groups'];
  readonly messages: CommandHeadDeps['messages'];
  readonly seal: Seal;
}

export function createDestinationsApi(deps: DestinationsApiDeps) {
  const { endpoints, seal } = deps;
  const findApplication = createApplicationFinder(deps.applications);
  const find = createEndpointFinder({ findApplication, endpoints }, 'destination_id', 'fifo');
  const create = createDestinationCreator(deps);
  const replace = createDestinationReplacer(deps);
  const patch = createDestinationPatcher(deps);
  const remove = createDestinationDeleter(deps);
  const commandHead = createHeadCommander(deps);
  const toOut = async (endpoint: Endpoint) => toDestinationOut(seal, endpoint, await readState(deps.groups, endpoint));

  return createApi(
    deps,
    { ...destinationOperations, ...destinationTransformationOperations },
    {
      ...transformationOfDestination(deps),
      'v1.destination.list': async ({ caller, path, query }) => {
        const { order = 'descending' } = query;
        const request = readPageRequest(query, (text) => isId('endpoint', text));
        const { applicationId } = await findApplication(caller, path.app_id);
        const page = await endpoints.list(applicationId, { ...request, order, mode: 'fifo' });
        const { direction } = request;
        const answer = toListAnswer({ direction, page, idOf: (it) => it.endpointId, toRow: (it) => it });
        const states = await readStates(deps.groups, answer.data);
        const data = await Promise.all(states.map((it) => toDestinationOut(seal, it.destination, it.state)));
        return json(200, { ...answer, data });
      },
      'v1.destination.create': async ({ caller, path }) => {
        const application = await findApplication(caller, path.app_id);
        const { applicationId } = application;
        return {
          ids: [applicationId],
          exists: async (id) => (await endpoints.find(applicationId, id)) !== undefined,
          operate: async ({ body: input, origin, now }) => {
            const created = await create({ caller, application, input, origin, now });
            if (created === 'uid_taken') throw conflict();
            return json(201, await toOut(created));
          },
        };
      },
      'v1.destination.get': async (request) => json(200, await toOut((await find(request)).endpoint)),
      'v1.destination.update': async (request) => {
        const { caller, path, body: input, now } = request;
        const application = await findApplication(caller, path.app_id);
        const read = async () => (await find(request)).endpoint;
        const { kind, thing } = await replaceOrCreate({
          exists: async () => (await endpoints.find(application.applicationId, path.destination_id)) !== undefined,
          replace: () => replace({ caller, read, input, now }),
          create: () => create({ caller, application, input, origin: freshOrigin(now, deps.randomBytes), now }),
          isNamedByUid: input.uid === path.destination_id,
        });
        return json(kind === 'created' ? 201 : 200, await toOut(thing));
      },
      'v1.destination.patch': async (request) => {
        const read = async () => (await find(request)).endpoint;
        return json(
          200,
          await toOut(await patch({ caller: request.caller, read, patch: request.body, now: request.now })),
        );
      },
      'v1.destination.skip': async (request) => {
        const { endpoint } = await find(request);
        return {
          ids: [endpoint.endpointId],
          operate: async ({ body, origin, now }) => {
            const messageId = body?.msgId ?? undefined;
            if (messageId === undefined && origin.isResumed) throw mayHaveSkipped();
            await commandHead({ endpoint, action: 'skip', messageId, now });
            return json(202, {});
          },
        };
      },
      'v1.destination.retry': async (request) => {
        const { endpoint } = await find(request);
        return {
          ids: [endpoint.endpointId],
          operate: async ({ body, now }) => {
            await commandHead({ endpoint, action: 'attempt', messageId: body?.msgId ?? undefined, now });
            return json(202, {});
          },
        };
      },
      'v1.destination.delete': async (request) => {
        await remove(await find(request), request.now);
        return noContent();
      },
    },
  );
}

/** By now, another group can be the one that has been blocked for the longest time. */
const mayHaveSkipped = () =>
  conflict('An earlier try of this request may have skipped a message already: name the message to skip');
