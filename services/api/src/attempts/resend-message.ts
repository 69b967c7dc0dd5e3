import {
  type Application,
  type AttemptRepository,
  createId,
  DomainError,
  type Endpoint,
  idEntropyBytes,
  type MessageRepository,
} from '@posthorn/core';
import { notFound } from '../authentication/find-application.ts';
import { type FindMessageDeps, resolveMessageId } from '../message/find-message.ts';
import type { RandomBytes } from '../storing/random-bytes.ts';
import { wasAttempted } from './list-attempts.ts';

export interface ResendMessageDeps {
  readonly claims: FindMessageDeps['claims'];
  readonly messages: Pick<MessageRepository, 'find' | 'insertResend'>;
  readonly attempts: Pick<AttemptRepository, 'listByMessage'>;
  readonly randomBytes: RandomBytes;
}

interface ResendRequest {
  readonly application: Application;
  readonly endpoint: Endpoint;
  readonly idOrEventId: string;
  readonly now: Date;
}

/**
 * Asks for one more attempt of a message at an endpoint, past its filters. Nothing is sent to a disabled endpoint.
 *
 * @throws DomainError `missing_payload` when the message is no longer kept
 */
export const createResendMessage =
  (deps: ResendMessageDeps) =>
  async ({ application, endpoint, idOrEventId, now }: ResendRequest): Promise<void> => {
    const { organisationId, applicationId } = application;
    const messageId = await resolveMessageId(deps, { applicationId, idOrEventId }, now);
    if (messageId === undefined) throw notFound();
    if (!(await deps.messages.find(applicationId, messageId, now))) {
      if (!(await wasAttempted(deps.attempts, { applicationId, messageId }, now))) throw notFound();
      throw new DomainError('missing_payload', 'The payload of this message is no longer kept');
    }
    if (endpoint.disabled) return;
    const { endpointId } = endpoint;
    const attemptId = createId('attempt', now, deps.randomBytes(idEntropyBytes));
    const resend = { organisationId, applicationId, messageId, endpointId, attemptId, requestedAt: now };
    await deps.messages.insertResend(resend);
  };
