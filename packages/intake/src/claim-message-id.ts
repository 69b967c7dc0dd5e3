import type { ListedMessage, Message } from '@posthorn/core';
import type { ClaimDeps } from './claim-event-id.ts';
import { idempotencyMs } from './idempotency-window.ts';

/** `stored`: an earlier request under the key stored this message. `to_store`: it is still to be stored, under this id. */
export type ClaimedMessage =
  | { readonly kind: 'stored'; readonly message: ListedMessage }
  | { readonly kind: 'to_store'; readonly message: Message };

/**
 * Claims an idempotency key for a message. If an earlier request holds the key, its stored message is returned. If that
 * request died or is still running, this content is to be stored under the same id, so that one of the two is stored.
 *
 * A claim never outlives its message: it expires with it, and a message that is stored under the id of an earlier claim
 * is kept at least as long as that claim. So if the key is held and the message is not stored, it never was, and its id
 * can be used. When both have expired, one of the requests that repeat the key takes the claim over, under its own id.
 */
export async function claimMessageId(
  { claims, messages }: ClaimDeps,
  key: string,
  message: Message,
): Promise<ClaimedMessage> {
  const { applicationId, messageId, acceptedAt } = message;
  const windowEnd = new Date(acceptedAt.getTime() + idempotencyMs);
  const expiresAt = earlierOf(windowEnd, message.expiresAt);
  const claimed = await claims.claim({ key, messageId, claimedAt: acceptedAt, expiresAt });
  if (claimed.kind === 'claimed') return { kind: 'to_store', message };
  const { by } = claimed;
  const stored = await messages.findListed(applicationId, by.messageId, acceptedAt);
  if (stored) return { kind: 'stored', message: stored };
  const resumed = { ...message, messageId: by.messageId, expiresAt: laterOf(message.expiresAt, by.expiresAt) };
  return { kind: 'to_store', message: resumed };
}

const earlierOf = (one: Date, other: Date): Date => (one < other ? one : other);
const laterOf = (one: Date, other: Date): Date => (one > other ? one : other);
