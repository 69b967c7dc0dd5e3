import { ChangeMessageVisibilityCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createFindQueueUrl, type QueueAccess } from './queue-address.ts';

/** What a message may be held back for at once, in seconds (SQS's twelve hours). */
const maxHoldBackSeconds = 43_200;

/** A job as a worker received it. */
export interface ReceivedJob {
  readonly body: string;
  readonly receiptHandle: string;
  /** Present on the FIFO queue. */
  readonly group?: string;
}

/** What a worker does with jobs beside doing them. */
export interface ReceivedJobs {
  /** Keeps a job (and on the FIFO queue all of its group) away from workers for a while; it must also be answered as failed. */
  holdBack(job: ReceivedJob, seconds: number): Promise<void>;
  /** Moves a job that can never be done out of the way, with the reason: the caller then acknowledges it. */
  sendToDeadLetters(job: ReceivedJob & { readonly id: string }, reason: string): Promise<void>;
}

export function createReceivedJobs(
  access: QueueAccess & { readonly queue: 'deliveries' | 'deliveries.fifo' },
): ReceivedJobs {
  const findQueueUrl = createFindQueueUrl(access);
  const deadLetters = access.queue === 'deliveries' ? 'deliveries-dead-letters' : 'deliveries-dead-letters.fifo';
  return {
    async holdBack({ receiptHandle }, seconds) {
      const VisibilityTimeout = Math.max(0, Math.min(Math.ceil(seconds), maxHoldBackSeconds));
      const QueueUrl = await findQueueUrl(access.queue);
      await access.client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }),
      );
    },
    async sendToDeadLetters({ id, body, group }, reason) {
      await access.client.send(
        new SendMessageCommand({
          QueueUrl: await findQueueUrl(deadLetters),
          MessageBody: body,
          MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
          ...(group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: id }),
        }),
      );
    },
  };
}
