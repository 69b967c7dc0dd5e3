import { messageOperations } from '@posthorn/contracts/api/message';
import {
  type ApplicationRepository,
  type EndpointRepository,
  type MessageContentRepository,
  type MessageRepository,
  reachesAnyEndpoint,
} from '@posthorn/core';
import { type FindMessageDeps, findMessage } from '@posthorn/intake';
import { createApplicationFinder } from '../applications/find-application.ts';
import { json, jsonText, noContent } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { createBulkExpunger, createContentExpunger } from './expunge-content.ts';
import { createMessageLister } from './list-messages.ts';
import { toMessageText } from './message-out.ts';

export interface MessagesApiDeps extends ApiDeps {
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly endpoints: Pick<EndpointRepository, 'listForFanOut'>;
  readonly messages: Pick<MessageRepository, 'findListed' | 'list'> & MessageContentRepository;
  readonly claims: ApiDeps['claims'] & FindMessageDeps['claims'];
}

export function createMessagesApi(deps: MessagesApiDeps) {
  const findApplication = createApplicationFinder({ find: deps.findAccepting });
  const listMessages = createMessageLister(deps);
  const expungeContent = createContentExpunger(deps);
  const expungeContents = createBulkExpunger(expungeContent);

  return createApi(deps, messageOperations, {
    'v1.message.list': async ({ caller, path, query, now }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      return jsonText(200, await listMessages(applicationId, query, now));
    },
    'v1.message.get': async ({ caller, path, query, now }) => {
      const { with_content: withContent = true } = query;
      const { applicationId } = await findApplication(caller, path.app_id);
      const message = await findMessage(deps, { applicationId, idOrEventId: path.msg_id }, now);
      if (!message) throw notFound();
      return jsonText(200, toMessageText(message, withContent));
    },
    'v1.message.precheck': async ({ caller, path }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      return {
        ids: [applicationId],
        operate: async ({ body: { eventType, channels } }) => {
          const endpoints = await deps.endpoints.listForFanOut(applicationId);
          return json(200, { active: reachesAnyEndpoint({ eventType, channels: channels ?? [] }, endpoints) });
        },
      };
    },
    'v1.message.expunge-content': async ({ caller, path, now }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      const end = await expungeContent({ applicationId, idOrEventId: path.msg_id }, now);
      if (end === 'missing') throw notFound();
      return noContent();
    },
    'v1.message.bulk-expunge-content': async ({ caller, path }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      return {
        ids: [applicationId],
        operate: async ({ body, now }) =>
          json(200, { results: await expungeContents(applicationId, body.ids ?? [], now) }),
      };
    },
  });
}
