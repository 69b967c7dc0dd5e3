import { type Queue, queueName, queues } from '@posthorn/contracts';
import { attributeOf, queueLogicalId, type Resource, retained, type Value } from '@posthorn/deployment';
import { queueDefinitions } from '@posthorn/queues/definitions';

/** The queues of one stage, encrypted and retained. */
export const queueResources = (stage: string): Record<string, Resource> =>
  Object.fromEntries(
    queues.map((queue) => [
      queueLogicalId(queue),
      {
        Type: 'AWS::SQS::Queue',
        ...retained,
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
    ...(deadLetters?.maxReceiveCount !== undefined
      ? {
          RedrivePolicy: {
            // A reference, not a text: SQS refuses a target that does not exist yet.
            deadLetterTargetArn: attributeOf(queueLogicalId(deadLetters.queue), 'Arn'),
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
