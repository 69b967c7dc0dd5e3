import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Queue } from '@posthorn/contracts';
import { createFindQueueUrl, type QueueAccess } from '../queue-address.ts';
import { maxBatchEntries } from '../send-batch.ts';

/** An entry of a queue that nothing works on. */
export interface DeadLetterEntry {
  readonly queue: Queue;
  /** The queue's own id of the entry. */
  readonly id: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Why it was set aside. Absent if it was received too often. */
  readonly reason?: string;
  /** When it came onto this queue. */
  readonly sentAt: Date;
  /** Only on a FIFO queue. */
  readonly group?: string;
}

/** What an operator does with queues that nothing works on. */
export interface DeadLetters {
  /** Up to ten entries, and hides them for some seconds. Empty if all others are hidden. */
  receive(queue: Queue, hideSeconds: number): Promise<readonly DeadLetterEntry[]>;
  /** Makes a received entry visible again. It is no error if it has become visible by itself. */
  show(entry: DeadLetterEntry): Promise<void>;
  /** Deletes an entry: what it is about was done. */
  remove(entry: DeadLetterEntry): Promise<void>;
  /** About how many entries the queue has, hidden ones included. */
  count(queue: Queue): Promise<number>;
  /**
   * Copies an entry to another queue and then deletes it. After a crash between the two it is in both. On a FIFO queue it
   * goes back into its group.
   */
  moveTo(entry: DeadLetterEntry, queue: Queue): Promise<void>;
}

export function createDeadLetters(access: QueueAccess): DeadLetters {
  const { client } = access;
  const findQueueUrl = createFindQueueUrl(access);
  return {
    receive: async (queue, hideSeconds) => {
      const command = new ReceiveMessageCommand({
        QueueUrl: await findQueueUrl(queue),
        MaxNumberOfMessages: maxBatchEntries,
        VisibilityTimeout: hideSeconds,
        // A short poll asks only some of SQS's servers, and may return nothing although there are entries.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
        MessageAttributeNames: ['reason'],
      });
      return ((await client.send(command)).Messages ?? []).map((message) => toEntry(queue, message));
    },
    show: async ({ queue, receiptHandle }) => {
      const QueueUrl = await findQueueUrl(queue);
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      });
      await client.send(command).catch((error: Error) => {
        if (!notInFlight.has(error.name)) throw error;
      });
    },
    remove: async ({ queue, receiptHandle }) => {
      const QueueUrl = await findQueueUrl(queue);
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }));
    },
    count: async (queue) => {
      const QueueUrl = await findQueueUrl(queue);
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return (
        Number(Attributes.ApproximateNumberOfMessages ?? 0) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0)
      );
    },
    moveTo: async ({ queue, id, receiptHandle, body, group }, target) => {
      // The original's id would be taken for a copy of it within five minutes.
      const ofGroup = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: `redrive_${id}` };
      const QueueUrl = await findQueueUrl(target);
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...ofGroup }));
      await client.send(
        new DeleteMessageCommand({ QueueUrl: await findQueueUrl(queue), ReceiptHandle: receiptHandle }),
      );
    },
  };
}

const notInFlight: ReadonlySet<string> = new Set(['MessageNotInflight', 'ReceiptHandleIsInvalid']);

function toEntry(queue: Queue, { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes }: Message) {
  const reason = MessageAttributes?.reason?.StringValue;
  const group = queue.endsWith('.fifo') ? Attributes?.MessageGroupId : undefined;
  const entry: DeadLetterEntry = {
    queue,
    id: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)),
    ...(reason !== undefined && { reason }),
    ...(group !== undefined && { group }),
  };
  return entry;
}
