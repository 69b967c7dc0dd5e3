import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { readBatchResponse, toQueueMessage } from '@posthorn/local-event-sources';
import type { DeployedMapping } from '../stacks/read-installation.ts';

export interface PollQueueDeps {
  readonly mapping: DeployedMapping;
  /** Has the identity of the function: Lambda polls with the role of the function. */
  readonly sqs: SQSClient;
  /** For what Lambda does with rights of its own. */
  readonly operator: SQSClient;
  readonly region: string;
  invoke(event: object): Promise<unknown>;
}

/**
 * Receives one batch of a queue, invokes its function, and deletes the messages that were handled. A failed message
 * comes back when its visibility timeout ends. If the function threw, the batch comes back at once, to save the test a
 * wait.
 *
 * @returns how many messages were received
 */
export async function pollQueue({ mapping, sqs, operator, region, invoke }: PollQueueDeps): Promise<number> {
  const QueueName = mapping.sourceArn.split(':').at(-1);
  const { QueueUrl } = await operator.send(new GetQueueUrlCommand({ QueueName }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: Math.min(10, mapping.batchSize),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  if (Messages.length === 0) return 0;
  const batch = Messages.map((message) => toQueueMessage(message, { arn: mapping.sourceArn, region }));
  const release = () =>
    Promise.all(
      batch.map(({ receiptHandle: ReceiptHandle }) =>
        operator.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
      ),
    );
  const result = await invoke({ Records: batch.map(({ record }) => record) }).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const ids = new Set(batch.map(({ messageId }) => messageId));
  const outcome = readBatchResponse({ result, ids, reportFailures: mapping.reportFailures });
  if (outcome.kind === 'failed') throw new Error(`${mapping.functionName}: ${outcome.reason}`);
  const failed = outcome.kind === 'partly-failed' ? outcome.ids : new Set();
  for (const { messageId, receiptHandle } of batch)
    if (!failed.has(messageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }));
  return batch.length;
}
