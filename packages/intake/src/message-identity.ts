import { createHash } from 'node:crypto';
import { createMessageId, idEntropyBytes } from '@posthorn/core';

/**
 * How a repetition of the same request is recognised:
 *
 * - `fresh`: not at all. Every call makes a new message.
 * - `claimed`: by a key that the caller repeats (an idempotency key). The first message holds the key for 12 hours, or
 *   until it expires if that is earlier.
 * - `given`: by the message id itself, which the caller derives from its source (`deriveMessageId`).
 */
export type MessageIdentity =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'claimed'; readonly key: string }
  | { readonly kind: 'given'; readonly messageId: string };

/**
 * The message id of a source that can be replayed, such as a stream record: the same parts and time give the same id.
 *
 * The id is always of the sharded placement, because it must not change when the application begins to keep order.
 * `acceptMessage` puts such a message into the order by a relay.
 *
 * @param source - names the source uniquely over all applications
 * @param at - when the source happened; a replay must give the same time
 * @example deriveMessageId(['table', 'orders', sequenceNumber], changedAt)
 */
export function deriveMessageId(source: readonly string[], at: Date): string {
  const digest = createHash('sha256').update(JSON.stringify(source)).digest();
  return createMessageId(at, digest.subarray(0, idEntropyBytes), 'sharded');
}
