/** What a source of messages asks to be sent. */
export interface NewMessage {
  readonly eventType: string;
  /** The text that is signed and sent, byte for byte. */
  readonly body: string;
  /** The media type that the body is sent with. */
  readonly contentType: string;
  /** The caller's own id, unique within the application. */
  readonly eventId?: string;
  readonly channels: readonly string[];
  readonly tags: readonly string[];
  /** What the message is about, for endpoints in FIFO mode that ask for this order. */
  readonly orderingKey?: string;
  /** The endpoint that it is for, whatever its filters; every endpoint whose filters match if absent. */
  readonly onlyTo?: string;
  /** When to deliver it, at most `maxDeliverAtMs` ahead; at once if absent. */
  readonly deliverAt?: Date;
  /** How long to keep the message, in milliseconds; the configured time if absent. It counts from `deliverAt`. */
  readonly retentionMs?: number;
}

/** A message can be scheduled for a time up to a day ahead. */
export const maxDeliverAtMs = 24 * 3_600_000;
