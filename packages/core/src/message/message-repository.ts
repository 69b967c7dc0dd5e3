import type { Page, PageRequest, TimeWindow } from '../paging/page.ts';
import type { ListedMessage, Message } from './message.ts';

/** Which messages of an application to list, newest first. */
export interface MessageQuery extends PageRequest, TimeWindow {
  readonly channel?: string;
  readonly eventTypes?: readonly string[];
  readonly tag?: string;
  /** Whether the bodies are wanted too. */
  readonly withBody: boolean;
}

/** A person's request to try a delivery once more. */
export interface Resend {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  /** The id that the attempt will have. */
  readonly attemptId: string;
  readonly requestedAt: Date;
}

/** Where messages are kept. Its inserts are what the fan-out trigger reads. */
export interface MessageRepository {
  /**
   * Durable when it answers. The id says where the row stands (`placementOfMessageId`). Answers `exists` when a message
   * of this id is there already, whatever its content.
   */
  insert(message: Message): Promise<'inserted' | 'exists'>;
  /**
   * Puts a message of the sharded placement into its application's order as well, for endpoints in FIFO mode: used when
   * an application began to order while the message was being accepted. Harmless when repeated.
   */
  relay(message: Message): Promise<void>;
  /** Sees every write that was answered before it began. An expired message is as if it was not there. */
  find(applicationId: string, messageId: string, now: Date): Promise<Message | undefined>;
  list(applicationId: string, query: MessageQuery, now: Date): Promise<Page<ListedMessage>>;
  /** Durable when it answers. Harmless when repeated. */
  insertResend(resend: Resend): Promise<void>;
}
