import { defaultRetentionSeconds, type QueueDefinition } from '../definition.ts';
import type { Message, StoredAttribute } from '../rows/message-row.ts';

/** A message of another queue server, which keeps its id, its place in the queue and its counts. */
export interface ImportedMessage {
  /** The name of its queue. */
  readonly queue: string;
  /** Its place among the messages of all queues, from 1: a message with a higher number comes later. */
  readonly sequence: number;
  /** It must not contain a space, like the name of the group. */
  readonly id: string;
  /** Absent if the message has no group. */
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, StoredAttribute>>;
  /** Milliseconds since 1970, like all times. */
  readonly sentAt: number;
  /** How often it was received. Messages that were in flight can be taken at once. */
  readonly receives: number;
  readonly firstReceivedAt?: number;
  /** The end of its delay. */
  readonly dueAt?: number;
}

/**
 * Converts to a stored message. The other server may have kept messages without a limit, so at least half of the
 * retention period is left.
 */
export function toStoredMessage(message: ImportedMessage, { retentionSeconds }: QueueDefinition, now: number): Message {
  const { id, group = '', sequence, receives, body, deduplicationId, attributes, firstReceivedAt } = message;
  if (`${id}${group}`.includes(' ')) throw new Error(`message ${id}: its id or the name of its group contains a space`);
  const retentionMs = (retentionSeconds ?? defaultRetentionSeconds) * 1_000;
  const extras = {
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(firstReceivedAt === undefined ? {} : { firstReceivedAt }),
  };
  return {
    id,
    group,
    sequence,
    receives,
    body,
    sentAt: Math.max(message.sentAt, Math.ceil(now - retentionMs / 2)),
    ...(Object.keys(extras).length === 0 ? {} : { extras }),
  };
}
