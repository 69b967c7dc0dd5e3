import type { endpointOperations } from '@posthorn/contracts/api/endpoint';
import { type ApplicationRepository, type EndpointRepository, type ListedMessage, openHeaders } from '@posthorn/core';
import { publicFormOf } from '@posthorn/core/signing/secret';
import { createApplicationFinder } from '../applications/find-application.ts';
import { json, jsonText, noContent } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { nameFrom } from '../idempotency/request-origin.ts';
import { toMessageText } from '../messages/message-out.ts';
import type { Operates } from '../operations/operate.ts';
import type { UpdateWithRetryDeps } from '../storing/update-with-retry.ts';
import { createHeadersChanger, patchHeaders } from './change-headers.ts';
import { createSecretChanger } from './change-secret.ts';
import { createEndpointFinder } from './find-endpoint.ts';
import { createStatsReader, type GetStatsDeps } from './get-stats.ts';
import { type Headers, type Seal, sealContextOf, toHeadersOut } from './sealed-headers.ts';
import { createExampleSender, type SendExampleDeps } from './send-example.ts';

export interface EndpointPartsDeps extends GetStatsDeps, SendExampleDeps, UpdateWithRetryDeps {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly endpoints: Pick<EndpointRepository, 'find' | 'update'>;
  readonly seal: Seal;
}

/** The code of some of the operations. */
type Some = Partial<Operates<typeof endpointOperations>>;

/** Secret, headers, statistics and examples, of endpoints of both modes. */
export function partsOfEndpoint(deps: EndpointPartsDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const find = createEndpointFinder({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const changeHeaders = createHeadersChanger(deps);
  const changeSecret = createSecretChanger(deps);
  const getStats = createStatsReader(deps);
  const sendExample = createExampleSender(deps);
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
        operate: async ({ body: input, origin, now }) => {
          const read = async () => (await find(request)).endpoint;
          await changeSecret({ read, input, rotation: nameFrom(origin, 'rotation'), now });
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
    'v1.endpoint.send-example': async (request) => {
      const { application, endpoint } = await find(request);
      const { applicationId } = application;
      const target = { application, readAt: request.now };
      const toAnswer = (message: ListedMessage) => jsonText(202, toMessageText(message, true));
      return {
        ids: [applicationId, endpoint.endpointId],
        show: async (id) => {
          const sent = await deps.messages.findListed(applicationId, id, deps.clock());
          return sent && toAnswer(sent);
        },
        operate: async ({ body: input, origin }) => toAnswer(await sendExample({ target, endpoint, input, origin })),
      };
    },
    'v1.endpoint.get-stats': async (request) => {
      const { endpoint } = await find(request);
      return json(200, await getStats(endpoint, request.query, request.now));
    },
  } satisfies Some;
}
