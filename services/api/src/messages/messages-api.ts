import { messageOperations } from '@posthorn/contracts/api/message';
import type { ApplicationRepository, MessageRepository } from '@posthorn/core';
import { type FindMessageDeps, findMessage } from '@posthorn/intake';
import { createFindApplication, notFound } from '../authentication/find-application.ts';
import { jsonText } from '../http/answer.ts';
import { type ApiDeps, createApi } from '../http/api.ts';
import { toMessageText } from '../message/message-out.ts';
import { createListMessages } from './list-messages.ts';

export interface MessagesApiDeps extends ApiDeps {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly messages: Pick<MessageRepository, 'find' | 'list'>;
  readonly claims: ApiDeps['claims'] & FindMessageDeps['claims'];
}

export function createMessagesApi(deps: MessagesApiDeps) {
  const findApplication = createFindApplication(deps.applications);
  const listMessages = createListMessages(deps);

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
