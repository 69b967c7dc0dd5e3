import { type Queue, queueName, queues } from '@posthorn/contracts';
import { arn, logicalName, type Resource, type Value } from '@posthorn/deployment';
import { queueDefinitions } from '@posthorn/queues/definitions';

/** The queues of one stage, encrypted and retained. */
export const queueResources = (stage: string): Record<string, Resource> =>
  Object.fromEntries(
    queues.map((queue) => [
      `${logicalName(queue)}Queue`,
      {
        Type: 'AWS::SQS::Queue',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: queueProperties(stage, queue),
      },
    ]),
  );

function queueProperties(stage: string, queue: Queue): Record<string, Value> {
  const { fifo, visibilityTimeoutSeconds, retentionSeconds, deadLetters } = queueDefinitions[queue];
  return {
    QueueName: queueName(stage, queue),
    VisibilityTimeout: visibilityTimeoutSeconds,
    MessageRetentionPeriod: retentionSeconds,
    SqsManagedSseEnabled: true,
    ...(fifo ? highThroughputFifo : {}),
    ...(deadLetters
      ? {
          RedrivePolicy: {
            deadLetterTargetArn: arn('sqs', queueName(stage, deadLetters.queue)),
            maxReceiveCount: deadLetters.maxReceiveCount,
          },
        }
      : {}),
  };
}

const highThroughputFifo = {
  FifoQueue: true,
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
} as const;
