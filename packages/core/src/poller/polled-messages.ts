import type { Message } from '../message/message.ts';

/** A message as it is found for a poll. */
export type PolledMessage =
  | { readonly kind: 'message'; readonly message: Message }
  /** Its row is damaged. It must not hold back the messages behind it. */
  | { readonly kind: 'unreadable'; readonly messageId: string; readonly reason: string };

/**
 * Reads messages with their bodies, in the order of the ids. Those that are not stored, have expired or were expunged are
 * left out. Sees every message that was stored before it began. No message may be asked for twice.
 */
export type ReadPolledMessages = (
  applicationId: string,
  messageIds: readonly string[],
  now: Date,
) => Promise<readonly PolledMessage[]>;
