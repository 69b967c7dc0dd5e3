import type { AttemptRepository, ListedMessage, MessageRepository } from '@posthorn/core';
import { wasAttempted } from '@posthorn/intake';
import { notFound } from '../http/refusals.ts';

export interface KnownMessageDeps {
  readonly messages: Pick<MessageRepository, 'findAll' | 'findListed'>;
  readonly attempts: Pick<AttemptRepository, 'listByMessage'>;
}

/**
 * The message; `undefined` if it is no longer kept. Attempts can be kept longer than their message. Then they show which
 * application it belonged to.
 *
 * @throws DomainError `not_found` if the application has neither the message nor attempts of it
 */
export async function requireKnownMessage(
  deps: KnownMessageDeps,
  { applicationId, messageId }: { readonly applicationId: string; readonly messageId: string },
  now: Date,
): Promise<ListedMessage | undefined> {
  const [message] = await deps.messages.findAll(applicationId, [messageId], now);
  if (message) return message;
  if (await wasAttempted(deps.attempts, { applicationId, messageId }, now)) return undefined;
  // It may have been accepted a moment ago.
  const newMessage = await deps.messages.findListed(applicationId, messageId, now);
  if (!newMessage) throw notFound();
  return newMessage;
}
