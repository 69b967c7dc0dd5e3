import { attemptOperations } from '@posthorn/contracts/api/attempt';
import type { ApplicationRepository, AttemptRepository, EndpointRepository } from '@posthorn/core';
import {
  createMessageResender,
  type FindMessageDeps,
  type ResendMessageDeps,
  resolveMessageId,
} from '@posthorn/intake';
import { createApplicationFinder } from '../applications/find-application.ts';
import { createEndpointFinder } from '../endpoints/find-endpoint.ts';
import { json } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { idFrom } from '../idempotency/request-origin.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { toAttemptOut } from './attempt-out.ts';
import { createListerByEndpoint, createListerByMessage } from './list-attempts.ts';

export interface AttemptsApiDeps extends ApiDeps, Pick<ResendMessageDeps, 'messages'> {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly endpoints: Pick<EndpointRepository, 'find'>;
  readonly attempts: Pick<AttemptRepository, 'findOfMessage' | 'listByEndpoint' | 'listByMessage'>;
  readonly claims: ApiDeps['claims'] & FindMessageDeps['claims'];
}

export function createAttemptsApi(deps: AttemptsApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const findEndpoint = createEndpointFinder({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const listByEndpoint = createListerByEndpoint(deps);
  const listByMessage = createListerByMessage(deps);
  const resend = createMessageResender(deps);

  return createApi(deps, attemptOperations, {
    'v1.message-attempt.list-by-endpoint': async (request) => {
      const { endpoint } = await findEndpoint(request);
      return json(200, await listByEndpoint(endpoint, request));
    },
    'v1.message-attempt.list-by-msg': async ({ caller, path, query, now }) => {
      const application = await findApplication(caller, path.app_id);
      return json(200, await listByMessage(application, path.msg_id, { query, now }));
    },
    'v1.message-attempt.get': async ({ caller, path, now }) => {
      const { applicationId } = await findApplication(caller, path.app_id);
      const messageId = await resolveMessageId(deps, { applicationId, idOrEventId: path.msg_id }, now);
      if (messageId === undefined) throw notFound();
      const attempt = await deps.attempts.findOfMessage({ applicationId, messageId, attemptId: path.attempt_id });
      if (!attempt) throw notFound();
      return json(200, toAttemptOut(attempt, true));
    },
    'v1.message-attempt.resend': async (request) => {
      const { application, endpoint } = await findEndpoint(request);
      const { applicationId } = application;
      const name = { applicationId, idOrEventId: request.path.msg_id };
      const messageId = await resolveMessageId(deps, name, request.now);
      if (messageId === undefined) throw notFound();
      return {
        ids: [applicationId, endpoint.endpointId, messageId],
        operate: async ({ now, origin }) => {
          await resend({ application, endpoint, messageId, attemptId: idFrom(origin, 'attempt'), now });
          return json(202, {});
        },
      };
    },
  });
}
