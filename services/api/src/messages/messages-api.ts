import { messageOperations } from '@posthorn/contracts/api/message';
import type { ApplicationRepository, MessageRepository } from '@posthorn/core';
import { type FindMessageDeps, findMessage } from '@posthorn/intake';
import { createApplicationFinder } from '../applications/find-application.ts';
import { jsonText } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { createMessageLister } from './list-messages.ts';
import { toMessageText } from './message-out.ts';

export interface MessagesApiDeps extends ApiDeps {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly messages: Pick<MessageRepository, 'find' | 'list'>;
  readonly claims: ApiDeps['claims'] & FindMessageDeps['claims'];
}

export function createMessagesApi(deps: MessagesApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const listMessages = createMessageLister(deps);

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
  });
}
