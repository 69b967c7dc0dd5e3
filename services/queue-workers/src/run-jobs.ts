import { parseDeliveryJob } from '@posthorn/contracts';
import { type Delivery, runInGroupOrder } from '@posthorn/core';
import type { Log } from '@posthorn/platform';
import type { ReceivedJob, ReceivedJobs } from '@posthorn/queues';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';

/** A delivery together with the queue's own handle on it. */
export interface DeliveryJob {
  readonly delivery: Delivery;
  readonly job: ReceivedJob & { readonly id: string };
}

export interface RunJobsDeps {
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  /** Lets go of a job that waits behind another one of its group. */
  readonly release?: (job: ReceivedJob) => Promise<void>;
  readonly log: Log;
}

/**
 * Runs a batch of the delivery queues in group order and answers which entries are to come back. What is no delivery at
 * all can never be done: it goes to the dead-letter queue with its reason, so that nothing waits for it.
 */
export const createRunJobs =
  ({ sendToDeadLetters, release, log }: RunJobsDeps) =>
  async (
    records: readonly SQSRecord[],
    run: (job: DeliveryJob) => Promise<'done' | 'held'>,
  ): Promise<SQSBatchResponse> => {
    const returned = await runInGroupOrder({
      entries: records.map(toReceivedJob),
      run: async (job) => {
        const delivery = parseDeliveryJob(job.body);
        if (delivery) return run({ delivery, job });
        log.error('delivery.job_refused', { sqsMessageId: job.id });
        await sendToDeadLetters(job, 'not a delivery job');
        return 'done';
      },
      onError: (job, error) => log.error('delivery.record_failed', { sqsMessageId: job.id, error }),
      onWaiting: async (job) => release?.(job),
    });
    return { batchItemFailures: returned.map((itemIdentifier) => ({ itemIdentifier })) };
  };

function toReceivedJob({ messageId, body, receiptHandle, attributes, eventSourceARN }: SQSRecord) {
  const group = eventSourceARN.endsWith('.fifo') ? attributes.MessageGroupId : undefined;
  return { id: messageId, body, receiptHandle, ...(group === undefined ? {} : { group }) };
}
