import { attemptListQuery } from '@posthorn/contracts/api/attempt';
import type { ApplicationRepository, AttemptRepository, EndpointRepository } from '@posthorn/core';
import { createFindApplication, notFound } from '../authentication/find-application.ts';
import { createFindEndpoint } from '../endpoint/find-endpoint.ts';
import { json } from '../http/answer.ts';
import { type ApiDeps, createApi } from '../http/api.ts';
import { readQuery } from '../http/read-query.ts';
import { type FindMessageDeps, resolveMessageId } from '../message/find-message.ts';
import { toAttemptOut } from './attempt-out.ts';
import { createListByEndpoint, createListByMessage } from './list-attempts.ts';
import { createResendMessage, type ResendMessageDeps } from './resend-message.ts';

export interface AttemptsApiDeps extends ApiDeps, Pick<ResendMessageDeps, 'messages' | 'randomBytes'> {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly endpoints: Pick<EndpointRepository, 'find'>;
  readonly attempts: Pick<AttemptRepository, 'findOfMessage' | 'listByEndpoint' | 'listByMessage'>;
  readonly claims: ApiDeps['claims'] & FindMessageDeps['claims'];
}

export function createAttemptsApi(deps: AttemptsApiDeps) {
  const findApplication = createFindApplication(deps.applications);
  const findEndpoint = createFindEndpoint({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const listByEndpoint = createListByEndpoint(deps);
  const listByMessage = createListByMessage(deps);
  const resend = createResendMessage(deps);

  return createApi(deps, {
    'v1.message-attempt.list-by-endpoint': async (request) => {
      const query = readQuery(attemptListQuery, request.search);
      const { endpoint } = await findEndpoint(request);
      return json(200, await listByEndpoint(endpoint, { query, now: request.now }));
    },
    'v1.message-attempt.list-by-msg': async ({ caller, param, search, now }) => {
      const query = readQuery(attemptListQuery, search);
      const application = await findApplication(caller, param('app_id'));
      return json(200, await listByMessage(application, param('msg_id'), { query, now }));
    },
    'v1.message-attempt.get': async ({ caller, param, now }) => {
      const { applicationId } = await findApplication(caller, param('app_id'));
      const messageId = await resolveMessageId(deps, { applicationId, idOrEventId: param('msg_id') }, now);
      const attempt = messageId && (await deps.attempts.findOfMessage(messageId, param('attempt_id')));
      if (!attempt || attempt.applicationId !== applicationId) throw notFound();
      return json(200, toAttemptOut(attempt, true));
    },
    'v1.message-attempt.resend': async (request) => {
      const { application, endpoint } = await findEndpoint(request);
      await resend({ application, endpoint, idOrEventId: request.param('msg_id'), now: request.now });
      return json(202, {});
    },
  });
}
