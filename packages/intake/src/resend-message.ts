import {
  type Application,
  type AttemptRepository,
  DomainError,
  type Endpoint,
  type MessageRepository,
  timeOfId,
} from '@posthorn/core';
import { wasAttempted } from './find-message.ts';

export interface ResendMessageDeps {
  readonly messages: Pick<MessageRepository, 'findListed' | 'insertResend'>;
  readonly attempts: Pick<AttemptRepository, 'listByMessage'>;
}

export interface ResendRequest {
  readonly application: Pick<Application, 'organisationId' | 'applicationId'>;
  readonly endpoint: Pick<Endpoint, 'endpointId' | 'disabled'>;
  readonly messageId: string;
  /** The id that the attempt will have. Its time is the time of the request, to 4 ms. */
  readonly attemptId: string;
  readonly now: Date;
}

/**
 * Requests one more attempt of a message at an endpoint, whatever the endpoint's filters. Nothing is sent to a disabled
 * endpoint. The same attempt can be requested again: it is made once.
 *
 * @throws DomainError `not_found` if the application has no such message, `missing_payload` if its payload is no longer
 *   kept: it has expired or was expunged
 */
export const createMessageResender =
  (deps: ResendMessageDeps) =>
  async ({ application, endpoint, messageId, attemptId, now }: ResendRequest): Promise<void> => {
    const { organisationId, applicationId } = application;
    const message = await deps.messages.findListed(applicationId, messageId, now);
    if (message?.body === undefined) {
      if (!message && !(await wasAttempted(deps.attempts, { applicationId, messageId }, now))) {
        throw new DomainError('not_found', 'Entity not found');
      }
      throw new DomainError('missing_payload', 'The payload of this message is no longer kept');
    }
    if (endpoint.disabled) return;
    const { endpointId } = endpoint;
    const ids = { organisationId, applicationId, messageId, endpointId, attemptId };
    await deps.messages.insertResend({ ...ids, requestedAt: timeOfId(attemptId) });
  };
