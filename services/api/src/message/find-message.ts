import { type ClaimRepository, isId, type Message, type MessageRepository } from '@posthorn/core';
import { eventClaimKey } from './claim-keys.ts';

export interface FindMessageDeps {
  readonly claims: Pick<ClaimRepository, 'find'>;
  readonly messages: Pick<MessageRepository, 'find'>;
}

/** The id of the message that a path names by id or eventId; `undefined` for an eventId that nobody holds. */
export async function resolveMessageId(
  { claims }: Pick<FindMessageDeps, 'claims'>,
  name: { readonly applicationId: string; readonly idOrEventId: string },
  now: Date,
): Promise<string | undefined> {
  const { applicationId, idOrEventId } = name;
  if (isId('message', idOrEventId)) return idOrEventId;
  return (await claims.find(eventClaimKey(applicationId, idOrEventId), now))?.messageId;
}

/** The message that a path names by id or eventId. */
export async function findMessage(
  deps: FindMessageDeps,
  name: { readonly applicationId: string; readonly idOrEventId: string },
  now: Date,
): Promise<Message | undefined> {
  const messageId = await resolveMessageId(deps, name, now);
  return messageId === undefined ? undefined : deps.messages.find(name.applicationId, messageId, now);
}
