import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';

/** One entry on its way to a queue. */
export type QueueEntry = Omit<SendMessageBatchRequestEntry, 'Id'>;

export const maxBatchEntries = 10;
const maxTries = 4;
const firstPauseMs = 50;

/** Waits; an argument so that tests need not. */
export type Pause = (ms: number) => Promise<void>;
export const pause: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export interface Sending {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly pause: Pause;
}

/**
 * Sends up to ten entries and answers the indexes of those that the queue did not take. Entries that SQS lists as failed
 * are sent again, with growing pauses; a request that fails as a whole (the client has tried again by itself) leaves all
 * of its entries unsent.
 */
export async function sendBatch(sending: Sending, entries: readonly QueueEntry[]): Promise<readonly number[]> {
  let open: readonly number[] = entries.map((_, index) => index);
  for (let tries = 0; open.length > 0 && tries < maxTries; tries += 1) {
    if (tries > 0) await sending.pause(firstPauseMs * 2 ** tries);
    open = await sendOnce(sending, entries, open);
  }
  return open;
}

async function sendOnce(
  { client, queueUrl }: Sending,
  entries: readonly QueueEntry[],
  open: readonly number[],
): Promise<readonly number[]> {
  const request = open.map((index) => ({
    ...entries[index],
    MessageBody: entries[index]?.MessageBody,
    Id: String(index),
  }));
  const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: request }));
  return Failed.map(({ Id }) => Number(Id));
}
