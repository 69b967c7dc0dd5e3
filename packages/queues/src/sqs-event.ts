import { type ParsedTaskJob, parseJob, parseTaskJob } from '@posthorn/contracts';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ReceivedJob } from './received-jobs.ts';

/** The jobs of an event that Lambda passes to a worker. A job without a delivery has the reason why. */
export const toReceivedJobs = ({ Records }: SQSEvent): readonly ReceivedJob[] => Records.map(toReceivedJob);

/** A slice of a task that a worker received. */
export type ReceivedTask = Pick<ReceivedJob, 'id' | 'receives' | 'body'> & { readonly content: ParsedTaskJob };

/** The slices of tasks of an event that Lambda passes to a worker. */
export const toReceivedTasks = ({ Records }: SQSEvent): readonly ReceivedTask[] =>
  Records.map(({ messageId, body, attributes }) => ({
    id: messageId,
    receives: Number(attributes.ApproximateReceiveCount) || 1,
    body,
    content: parseTaskJob(body),
  }));

/** The answer to Lambda: these entries come back to the queue, all others are finished. */
export const toBatchResponse = (returnedIds: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: returnedIds.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Sequence numbers of SQS have 20 digits. Shorter ones would sort as texts in another order than as numbers. */
const sequenceDigits = 20;

function toReceivedJob({ messageId, body, receiptHandle, attributes, eventSourceARN }: SQSRecord): ReceivedJob {
  // Entries of the standard queue have a group too: their application, for fair queueing. It orders nothing.
  const isFifo = eventSourceARN.endsWith('.fifo');
  const group = isFifo ? attributes.MessageGroupId : undefined;
  const sequence = isFifo ? attributes.SequenceNumber : undefined;
  return {
    id: messageId,
    receiptHandle,
    ...(group !== undefined && { group }),
    ...(sequence !== undefined && { sequence: sequence.padStart(sequenceDigits, '0') }),
    receives: Number(attributes.ApproximateReceiveCount) || 1,
    body,
    content: parseJob(body),
  };
}
