import { attemptOperations } from '@posthorn/contracts/api/attempt';
import type {
  Application,
  ApplicationRepository,
  Attempt,
  AttemptRepository,
  EndpointRepository,
  MessageRepository,
  StatisticsRepository,
} from '@posthorn/core';
import {
  createMessageResender,
  type FindMessageDeps,
  type ResendMessageDeps,
  resolveMessageId,
} from '@posthorn/intake';
import { createApplicationFinder } from '../applications/find-application.ts';
import { createEndpointFinder } from '../endpoints/find-endpoint.ts';
import { json, jsonText, noContent } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { idFrom } from '../idempotency/request-origin.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import { toAttemptOut } from './attempt-out.ts';
import type { AttemptedMessageDeps } from './attempted-message.ts';
import { createAttemptedDestinationsLister } from './list-attempted-destinations.ts';
import { createAttemptedMessagesLister } from './list-attempted-messages.ts';
import { createListerByEndpoint, createListerByMessage } from './list-attempts.ts';

export interface AttemptsApiDeps extends ApiDeps {
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly endpoints: Pick<EndpointRepository, 'find' | 'listAll' | 'listDeleted'>;
  readonly messages: ResendMessageDeps['messages'] &
    Pick<MessageRepository, 'findAll' | 'findListed' | 'list' | 'readBodies'>;
  readonly attempts: Pick<
    AttemptRepository,
    'findAll' | 'findOfMessage' | 'listByEndpoint' | 'listByMessage' | 'expungeResponse'
  >;
  readonly deliveries: AttemptedMessageDeps['deliveries'];
  readonly statistics: Pick<StatisticsRepository, 'listFirstHours'>;
  readonly claims: ApiDeps['claims'] & FindMessageDeps['claims'];
}

export function createAttemptsApi(deps: AttemptsApiDeps) {
  const findApplication = createApplicationFinder({ find: deps.findAccepting });
  const findEndpoint = createEndpointFinder({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const findAttempt = createAttemptFinder(deps);
  const listByEndpoint = createListerByEndpoint(deps);
  const listByMessage = createListerByMessage(deps);
  const listMessages = createAttemptedMessagesLister(deps);
  const listDestinations = createAttemptedDestinationsLister(deps);
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
    'v1.message-attempt.list-attempted-messages': async (request) => {
      const { endpoint } = await findEndpoint(request);
      return jsonText(200, await listMessages(endpoint, request));
    },
    'v1.message-attempt.list-attempted-destinations': async ({ caller, path, query, now }) => {
      const application = await findApplication(caller, path.app_id);
      return json(200, await listDestinations(application, path.msg_id, { query, now }));
    },
    'v1.message-attempt.get': async ({ caller, path, query, now }) => {
      const application = await findApplication(caller, path.app_id);
      const attempt = await findAttempt(application, path, now);
      return json(200, toAttemptOut(attempt, { withContent: true, isExpanded: query.expanded_statuses ?? false }));
    },
    'v1.message-attempt.expunge-content': async ({ caller, path, now }) => {
      const application = await findApplication(caller, path.app_id);
      await deps.attempts.expungeResponse(await findAttempt(application, path, now));
      return noContent();
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

/** Finds the attempt that a path names. */
const createAttemptFinder =
  (deps: Pick<AttemptsApiDeps, 'attempts' | 'claims'>) =>
  async (
    { applicationId }: Pick<Application, 'applicationId'>,
    { msg_id: idOrEventId, attempt_id: attemptId }: Readonly<Record<'msg_id' | 'attempt_id', string>>,
    now: Date,
  ): Promise<Attempt> => {
    const messageId = await resolveMessageId(deps, { applicationId, idOrEventId }, now);
    if (messageId === undefined) throw notFound('Message not found');
    const attempt = await deps.attempts.findOfMessage({ applicationId, messageId, attemptId });
    if (!attempt) throw notFound('Message attempt not found');
    return attempt;
  };
