import type { Message, StoredAttribute } from '../rows/message-row.ts';
import { type ListedMessage, type ListOptions, listMessages } from './list-messages.ts';
import { toReceiptHandle } from './receipt.ts';
import { release, remove } from './settle.ts';
import { type QueueState, visibilityMsOf } from './state.ts';
import { take } from './take.ts';

/** A message attribute, as in the SDK. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** A received message. */
export interface TakenMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly groupId?: string;
  readonly body: string;
  /** SQS's system attributes, such as `ApproximateReceiveCount`, `SentTimestamp` and `SequenceNumber`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
}

export interface QueueCounts {
  /** Messages that may be taken. */
  readonly waiting: number;
  readonly delayed: number;
  readonly inFlight: number;
  /** When the oldest message that waits was sent, in milliseconds since 1970, as far as the queue is in memory. */
  readonly oldestWaitingAt?: number;
}

/** A queue, for consumers in this process. */
export interface LocalQueue {
  readonly name: string;
  readonly arn: string;
  readonly isFifo: boolean;
  readonly visibilityTimeoutMs: number;
  /**
   * Takes up to `count` messages that may be delivered now, without waiting for others. The groups have one message each
   * in turn. On a FIFO queue, messages of one group are taken in order and by one caller at a time.
   *
   * @param mayTake - is asked for the next message of a group; false leaves the whole group for later
   */
  take(count: number, mayTake?: MayTake): Promise<readonly TakenMessage[]>;
  /** Resolves when a message may have become available since the last take, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** Deletes received messages. Resolves when that is durable. */
  remove(receiptHandles: readonly string[]): Promise<void>;
  /** Makes received messages visible again, at once or after a time. They stay the first ones of their group. */
  release(receiptHandles: readonly string[], afterMs?: number): Promise<void>;
  counts(): QueueCounts;
  /**
   * Reads the stored messages in portions, without taking them: those that wait or are in flight, then the delayed ones.
   * At most `limit` of each are read.
   */
  list(limit: number, options?: ListOptions): AsyncIterable<readonly ListedMessage[]>;
}

export type MayTake = (message: { readonly groupId: string | undefined; readonly body: string }) => boolean;

export function toLocalQueue(queue: QueueState): LocalQueue {
  return {
    name: queue.name,
    arn: queue.arn,
    isFifo: queue.fifo,
    get visibilityTimeoutMs() {
      return visibilityMsOf(queue);
    },
    take: async (count, mayTake) =>
      (await take(queue, { count, mayTake })).map((message) => toTakenMessage(queue, message)),
    changed: queue.availability.changed,
    remove: (handles) => remove(queue, handles),
    release: async (handles, afterMs) => void (await release(queue, handles, afterMs)),
    counts: () => countsOf(queue),
    list: (limit, options) => listMessages(queue, limit, options),
  };
}

export function toTakenMessage(queue: QueueState, message: Message): TakenMessage {
  const { id, group, sequence, sentAt, receives, body, extras = {} } = message;
  const { deduplicationId, sourceArn, firstReceivedAt, attributes } = extras;
  return {
    messageId: id,
    receiptHandle: toReceiptHandle(message),
    ...(group === '' ? {} : { groupId: group }),
    body,
    attributes: {
      SenderId: 'local',
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      ...(group === '' ? {} : { MessageGroupId: group }),
      ...(queue.fifo ? { SequenceNumber: toSequenceNumber(sequence) } : {}),
      ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
      ...(sourceArn === undefined ? {} : { DeadLetterQueueSourceArn: sourceArn }),
    },
    messageAttributes: attributes === undefined ? {} : toMessageAttributes(attributes),
  };
}

/** SQS's sequence numbers have 20 digits. */
export const toSequenceNumber = (sequence: number): string => String(sequence).padStart(20, '0');

const toMessageAttributes = (attributes: Readonly<Record<string, StoredAttribute>>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, binary }]): [string, MessageAttribute] => [
      name,
      {
        DataType: type,
        ...(text === undefined ? {} : { StringValue: text }),
        ...(binary === undefined ? {} : { BinaryValue: Buffer.from(binary, 'base64') }),
      },
    ]),
  );

export function countsOf({ counters, flights, window }: QueueState): QueueCounts {
  let oldest: number | undefined;
  for (const { waiting } of window.groups()) {
    const sentAt = waiting[0]?.sentAt;
    if (sentAt !== undefined && (oldest === undefined || sentAt < oldest)) oldest = sentAt;
  }
  return {
    waiting: Math.max(0, counters.messages - flights.size),
    delayed: counters.delayed,
    inFlight: flights.size,
    ...(oldest === undefined ? {} : { oldestWaitingAt: oldest }),
  };
}
