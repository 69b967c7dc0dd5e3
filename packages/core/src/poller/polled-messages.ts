import type { ListedMessage, Message } from '../message/message.ts';

/** A message as it is found for a poll. */
export type PolledMessage =
  | { readonly kind: 'message'; readonly message: Message }
  /** Its row is damaged. It must not hold back the messages behind it. */
  | { readonly kind: 'unreadable'; readonly messageId: string; readonly reason: string };

/** Which messages to read for a poll. */
export interface PolledMessagesRequest {
  readonly applicationId: string;
  /** None may be asked for twice. */
  readonly messageIds: readonly string[];
  /** Others are left out, and no large body is loaded for them. */
  readonly wants: (message: ListedMessage) => boolean;
  readonly now: Date;
}

/** What was found for a poll. */
export interface PolledMessages {
  readonly found: readonly PolledMessage[];
  /** How much was read, about, with the messages that were left out. */
  readonly readBytes: number;
}

/**
 * Reads messages with their bodies, in the order of the ids. Those that are not stored, have expired or were expunged are
 * left out. Sees every message that was stored before it began.
 */
export type ReadPolledMessages = (request: PolledMessagesRequest) => Promise<PolledMessages>;
