import type { Page, PageRequest, TimeWindow } from '../paging/page.ts';
import type { ListedMessage, Message } from './message.ts';

/** Which messages of an application to list, newest first. */
export interface MessageQuery extends PageRequest, TimeWindow {
  readonly channel?: string;
  readonly eventTypes?: readonly string[];
  readonly tag?: string;
  /** Whether to read the bodies too. */
  readonly withBody: boolean;
}

/** A request for one more attempt of a delivery, made by hand. */
export interface Resend {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  /** The id that the attempt will have. */
  readonly attemptId: string;
  readonly requestedAt: Date;
}

/** The store of messages. The fan-out trigger reads its inserts. */
export interface MessageRepository {
  /**
   * Durable when it returns. The id says where the row is stored (`placementOfMessageId`). Returns `exists` if a message
   * with this id is already stored, whatever its content.
   */
  insert(message: Message): Promise<'inserted' | 'exists'>;
  /**
   * Puts a message of the sharded placement into its application's order, for endpoints in FIFO mode. Used if the
   * application began to keep order while the message was being accepted. Repeating it changes nothing.
   */
  relay(message: ListedMessage): Promise<void>;
  /**
   * Finds a message that can be sent. Sees every write that returned before it began. A message that has expired or was
   * expunged is not found.
   */
  find(applicationId: string, messageId: string, now: Date): Promise<Message | undefined>;
  /** The same, but a message that was expunged is found too, without a body. */
  findListed(applicationId: string, messageId: string, now: Date): Promise<ListedMessage | undefined>;
  /**
   * Finds many messages, without their bodies, in few requests. They come in any order; those that are not stored, or have
   * expired, are left out. May not see a message that was accepted a moment ago. No message may be asked for twice.
   */
  findAll(applicationId: string, messageIds: readonly string[], now: Date): Promise<readonly ListedMessage[]>;
  list(applicationId: string, query: MessageQuery, now: Date): Promise<Page<ListedMessage>>;
  /**
   * Reads the bodies of a page's messages. The page ends early when they are as long as an answer may be: then there are
   * fewer items, and it is not done.
   */
  readBodies(page: Page<ListedMessage>, direction: PageRequest['direction']): Promise<Page<ListedMessage>>;
  /** Durable when it returns. Repeating it changes nothing. */
  insertResend(resend: Resend): Promise<void>;
}

/** Removes the bodies of messages. */
export interface MessageContentRepository {
  /**
   * Removes a message's body for good, wherever it is stored. The message stays listed without it. When it returns, no
   * consistent read finds the body. Repeating it changes nothing, and finishes what a crash has left. `missing`: there is
   * no such message, or it has expired.
   */
  expunge(applicationId: string, messageId: string, now: Date): Promise<'expunged' | 'missing'>;
}
