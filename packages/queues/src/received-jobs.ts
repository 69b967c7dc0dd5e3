import { ChangeMessageVisibilityCommand, DeleteMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { ParsedJob, Queue } from '@posthorn/contracts';
import { queueDefinitions } from './definitions.ts';
import { createFindQueueUrl, type QueueAccess } from './queue-address.ts';

/** The longest time for which a received job can be hidden, in seconds: twelve hours in SQS. */
const maxHoldBackSeconds = 43_200;

/** A job that a worker received from a queue. */
export interface ReceivedJob {
  /** The queue's own id of the entry. */
  readonly id: string;
  /** What the queue needs to hide the entry or to delete it. */
  readonly receiptHandle: string;
  /** Only on the FIFO queue. */
  readonly group?: string;
  /** Only on the FIFO queue: its place in the order, 20 digits or more. It grows within a group. */
  readonly sequence?: string;
  /** How often the queue has handed the entry out, this time included. */
  readonly receives: number;
  /** The text of the entry. */
  readonly body: string;
  readonly content: ParsedJob;
}

/** An entry that goes to the dead letters. */
export type DeadLetter = Pick<ReceivedJob, 'id' | 'body' | 'group'>;

/** What a worker does with jobs beside running them. */
export interface ReceivedJobs {
  /** Hides a job, and on the FIFO queue its group, for some seconds. The job must also be returned to the queue. */
  holdBack(job: Pick<ReceivedJob, 'receiptHandle'>, seconds: number): Promise<void>;
  /**
   * Deletes jobs that are done, at most ten, before their batch has ended: on the FIFO queue, their groups are free then.
   *
   * @throws the SDK's error, or one that says how many were not deleted
   */
  finish(jobs: readonly Pick<ReceivedJob, 'receiptHandle'>[]): Promise<void>;
  /** Copies a job to the dead letters, with the reason. The caller then finishes the job. */
  sendToDeadLetters(job: DeadLetter, reason: string): Promise<void>;
}

function deadLettersOf(queue: Queue): Queue {
  const { deadLetters } = queueDefinitions[queue];
  if (deadLetters === undefined) throw new Error(`the queue ${queue} has no dead letters`);
  return deadLetters.queue;
}

export function createReceivedJobs(
  access: QueueAccess & { readonly queue: 'deliveries' | 'deliveries-slow' | 'deliveries.fifo' | 'tasks' },
): ReceivedJobs {
  const findQueueUrl = createFindQueueUrl(access);
  const deadLetters = deadLettersOf(access.queue);
  return {
    async holdBack({ receiptHandle }, seconds) {
      const VisibilityTimeout = Math.max(0, Math.min(Math.ceil(seconds), maxHoldBackSeconds));
      const QueueUrl = await findQueueUrl(access.queue);
      await access.client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }),
      );
    },
    async finish(jobs) {
      const Entries = jobs.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      const QueueUrl = await findQueueUrl(access.queue);
      const { Failed = [] } = await access.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`${Failed.length} jobs were not deleted: ${Failed[0]?.Message}`);
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
