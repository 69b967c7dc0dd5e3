import type { ClaimRepository, Message, MessageRepository } from '@posthorn/core';
import { idempotencyMs } from '../idempotency/idempotently.ts';

/** Names are held by messages: whether a holder is there is asked where messages are kept. */
export interface ClaimDeps {
  readonly claims: Pick<ClaimRepository, 'claim' | 'takeOver'>;
  readonly messages: Pick<MessageRepository, 'find'>;
}

/** After this time nobody who began a request is still at it: functions are ended long before. */
export const firstWriterGraceMs = 60_000;

/**
 * Takes the idempotency key for this message. When the key is held by an earlier one, that one is the message: as it is
 * stored (`replayed`), or, when its writer died or is still at it, this content under its id, so that one of the two is
 * kept.
 */
export async function claimMessageId(
  { claims, messages }: ClaimDeps,
  key: string | undefined,
  message: Message,
): Promise<{ readonly message: Message; readonly replayed: boolean }> {
  if (key === undefined) return { message, replayed: false };
  const { applicationId, messageId, acceptedAt } = message;
  const expiresAt = new Date(acceptedAt.getTime() + idempotencyMs);
  const claimed = await claims.claim({ key, messageId, claimedAt: acceptedAt, expiresAt });
  if (claimed.kind === 'claimed') return { message, replayed: false };
  const stored = await messages.find(applicationId, claimed.by.messageId, acceptedAt);
  return stored
    ? { message: stored, replayed: true }
    : { message: { ...message, messageId: claimed.by.messageId }, replayed: false };
}
