import {
  type AttemptRepository,
  type ClaimRepository,
  isId,
  type ListedMessage,
  type Message,
  type MessageRepository,
} from '@posthorn/core';
import { eventClaimKey } from './event-claim-key.ts';

export interface FindMessageDeps {
  readonly claims: Pick<ClaimRepository, 'find'>;
  readonly messages: Pick<MessageRepository, 'findListed'>;
}

/** The id or the eventId of a message, and its application. */
export interface MessageName {
  readonly applicationId: string;
  readonly idOrEventId: string;
}

/** The id of the message; `undefined` if no message holds the eventId. */
export async function resolveMessageId(
  { claims }: Pick<FindMessageDeps, 'claims'>,
  { applicationId, idOrEventId }: MessageName,
  now: Date,
): Promise<string | undefined> {
  if (isId('message', idOrEventId)) return idOrEventId;
  return (await claims.find(eventClaimKey(applicationId, idOrEventId), now))?.messageId;
}

/**
 * The message, without its body if it was expunged. Returns `undefined` if it is not stored, or belongs to another
 * application.
 */
export async function findMessage(
  deps: FindMessageDeps,
  name: MessageName,
  now: Date,
): Promise<ListedMessage | undefined> {
  const messageId = await resolveMessageId(deps, name, now);
  return messageId === undefined ? undefined : deps.messages.findListed(name.applicationId, messageId, now);
}

/** Whether an application has attempts of a message. Attempts can be kept longer than their message. */
export async function wasAttempted(
  { listByMessage }: Pick<AttemptRepository, 'listByMessage'>,
  { applicationId, messageId }: Pick<Message, 'applicationId' | 'messageId'>,
  now: Date,
): Promise<boolean> {
  const query = { applicationId, limit: 1, direction: 'forward', withResponse: false } as const;
  return (await listByMessage(messageId, query, now)).items.length > 0;
}
