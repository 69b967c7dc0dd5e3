/** One event, accepted once, on its way to every endpoint with matching filters. */
export interface Message {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly messageId: string;
  /** The caller's own id, unique within the application. */
  readonly eventId?: string;
  readonly eventType: string;
  /** The text that is signed and sent, byte for byte as it was accepted. */
  readonly body: string;
  /** The media type that the body is sent with. */
  readonly contentType: string;
  readonly channels: readonly string[];
  readonly tags: readonly string[];
  /**
   * What the message is about, chosen by its source: such as the key of a changed item. An endpoint in FIFO mode can ask
   * for this order. It is only compared. Short, because it is stored with each message.
   */
  readonly orderingKey?: string;
  /** The endpoint that it is for, whatever its filters. Absent: every endpoint whose filters match. */
  readonly onlyTo?: string;
  readonly acceptedAt: Date;
  /** The time that the sender asked it to be delivered at. Absent: at once. It may be in the past, which means at once too. */
  readonly deliverAt?: Date;
  /** When the message and its payload are no longer kept. */
  readonly expiresAt: Date;
}

/** A message as it is listed. Its body is absent if it was read without one, or if it was expunged. */
export type ListedMessage = Omit<Message, 'body'> & {
  readonly body?: string;
  /** When its body was removed by request. Absent if it was not. */
  readonly expungedAt?: Date;
};

/** What fan-out reads of a message. Only an ordering key needs the body. */
export type FanOutMessage = Pick<
  Message,
  | 'organisationId'
  | 'applicationId'
  | 'messageId'
  | 'eventType'
  | 'channels'
  | 'orderingKey'
  | 'onlyTo'
  | 'acceptedAt'
  | 'deliverAt'
>;

/** The time that a message's first attempts are planned for. */
export const plannedTimeOf = ({ acceptedAt, deliverAt }: Pick<Message, 'acceptedAt' | 'deliverAt'>): Date =>
  deliverAt !== undefined && deliverAt > acceptedAt ? deliverAt : acceptedAt;

/** The largest request body that is accepted, in bytes; a bigger one is answered 413. */
export const maxMessageBytes = 1_048_576;

/** The media type of a payload that was given as JSON. */
export const jsonContentType = 'application/json';
