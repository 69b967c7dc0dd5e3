import {
  type ClaimRepository,
  DomainError,
  type Message,
  type MessageClaim,
  type MessageRepository,
} from '@posthorn/core';
import { eventClaimKey } from './event-claim-key.ts';
import { firstWriterGraceMs } from './first-writer-grace.ts';

/** A claim names a message; whether that message exists is read from where messages are kept. */
export interface ClaimDeps {
  readonly claims: Pick<ClaimRepository, 'claim' | 'takeOver'>;
  readonly messages: Pick<MessageRepository, 'findListed'>;
}

/**
 * Claims the eventId for this message, if it has one.
 *
 * @throws DomainError `conflict` if another message holds it, or may still come to hold it
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
  return (await messages.findListed(applicationId, messageId, acceptedAt)) === undefined;
}
