import { DomainError, type Message, type MessageClaim } from '@posthorn/core';
import { eventClaimKey } from '../message/claim-keys.ts';
import { type ClaimDeps, firstWriterGraceMs } from './claim-message-id.ts';

/**
 * Takes the eventId for this message, where it has one.
 *
 * @throws DomainError `conflict` when another message holds it, or may still come to hold it
 */
export async function claimEventId(deps: ClaimDeps, message: Message): Promise<void> {
  const { applicationId, messageId, eventId, acceptedAt, expiresAt } = message;
  if (eventId === undefined) return;
  const claim = { key: eventClaimKey(applicationId, eventId), messageId, claimedAt: acceptedAt, expiresAt };
  const claimed = await deps.claims.claim(claim);
  if (claimed.kind === 'claimed') return;
  if (await isAbandoned(deps, claimed.by, message)) {
    if ((await deps.claims.takeOver(claim, claimed.by)) === 'claimed') return;
  }
  throw new DomainError('conflict', 'A message with this eventId already exists');
}

async function isAbandoned(
  { messages }: Pick<ClaimDeps, 'messages'>,
  { messageId, claimedAt }: MessageClaim,
  { applicationId, acceptedAt }: Message,
): Promise<boolean> {
  if (acceptedAt.getTime() - claimedAt.getTime() <= firstWriterGraceMs) return false;
  return (await messages.find(applicationId, messageId, acceptedAt)) === undefined;
}
