import type { MessagePlace } from './keys.ts';

/** A message attribute. Binary values are base64. */
export interface StoredAttribute {
  readonly type: string;
  readonly text?: string;
  readonly binary?: string;
}

/** What only some messages have. */
export interface MessageExtras {
  readonly deduplicationId?: string;
  readonly attributes?: Readonly<Record<string, StoredAttribute>>;
  /** ARN of the queue that the message came from, in a dead-letter queue. */
  readonly sourceArn?: string;
  readonly firstReceivedAt?: number;
}

export interface Message extends MessagePlace {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** How often it was received. */
  readonly receives: number;
  readonly body: string;
  readonly extras?: MessageExtras;
}

/** Converts to the value of a row: a line with everything but the body, then the body. */
export const toRow = ({ sentAt, receives, id, extras, body }: Message): string =>
  `${sentAt} ${receives} ${id} ${extras === undefined ? '' : JSON.stringify(extras)}\n${body}`;

/** Reads only when a message was sent. */
export const sentAtOf = (row: string): number => Number(row.slice(0, row.indexOf(' ')));

export function toMessage(row: string, { group, sequence }: MessagePlace): Message {
  const end = row.indexOf('\n');
  const [sentAt = '', receives = '', id = ''] = row.slice(0, end).split(' ', 3);
  const start = sentAt.length + receives.length + id.length + 3;
  // Only `toRow` writes these rows.
  const extras = start < end ? { extras: JSON.parse(row.slice(start, end)) as MessageExtras } : {};
  return {
    group,
    sequence,
    id,
    sentAt: Number(sentAt),
    receives: Number(receives),
    body: row.slice(end + 1),
    ...extras,
  };
}
