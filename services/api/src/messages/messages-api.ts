import { messageListQuery, messageQuery } from '@posthorn/contracts/api/message';
import type { ApplicationRepository, MessageRepository } from '@posthorn/core';
import { createFindApplication, notFound } from '../authentication/find-application.ts';
import { jsonText } from '../http/answer.ts';
import { type ApiDeps, createApi } from '../http/api.ts';
import { readQuery } from '../http/read-query.ts';
import { type FindMessageDeps, findMessage } from '../message/find-message.ts';
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

  return createApi(deps, {
    'v1.message.list': async ({ caller, param, search, now }) => {
      const query = readQuery(messageListQuery, search);
      const { applicationId } = await findApplication(caller, param('app_id'));
      return jsonText(200, await listMessages(applicationId, query, now));
    },
    'v1.message.get': async ({ caller, param, search, now }) => {
      const { with_content: withContent = true } = readQuery(messageQuery, search);
      const { applicationId } = await findApplication(caller, param('app_id'));
      const message = await findMessage(deps, { applicationId, idOrEventId: param('msg_id') }, now);
      if (!message) throw notFound();
      return jsonText(200, toMessageText(message, withContent));
    },
  });
}
