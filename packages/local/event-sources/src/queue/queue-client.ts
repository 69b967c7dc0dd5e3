import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type QueueMessage, toQueueMessage } from './queue-record.ts';

/** The most messages in one request to SQS. */
const maxEntries = 10;

/** One queue, for a mapping. */
export interface QueueClient {
  readonly visibilityTimeoutMs: number;
  /** Receives up to this many messages, at most 10, and waits for the first one. The signal ends the wait: it rejects. */
  receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<readonly QueueMessage[]>;
  remove(messages: readonly QueueMessage[]): Promise<void>;
  /** Makes the messages visible again at once. */
  release(messages: readonly QueueMessage[]): Promise<void>;
}

/** @throws the SDK's QueueDoesNotExist */
export async function openQueue(client: SQSClient, queueName: string): Promise<QueueClient> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'VisibilityTimeout'] }),
  );
  const identity = { arn: Attributes.QueueArn ?? '', region: await client.config.region() };
  return {
    visibilityTimeoutMs: Number(Attributes.VisibilityTimeout) * 1000,
    async receive(count, waitSeconds, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(count, maxEntries),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      const { Messages = [] } = await client.send(command, { abortSignal: signal });
      return Messages.map((message) => toQueueMessage(message, identity));
    },
    remove: (messages) =>
      forChunks(messages, async (Entries) => {
        const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        if (Failed.length > 0) throw new Error(`${Failed.length} messages were not deleted: ${Failed[0]?.Message}`);
      }),
    release: (messages) =>
      forChunks(messages, async (entries) => {
        const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }),
  };
}

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
}

async function forChunks(messages: readonly QueueMessage[], send: (entries: Entry[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < messages.length; start += maxEntries) {
    const chunk = messages.slice(start, start + maxEntries);
    await send(chunk.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })));
  }
}

/** Sends one message to a queue by its name. */
export async function sendToQueue(client: SQSClient, queueName: string, body: string): Promise<void> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
}
