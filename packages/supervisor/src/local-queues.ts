import { queueName, queues } from '@posthorn/contracts';
import type { LocalQueue } from '@posthorn/local-cloud/stores/sqs';
import { queueDefinitions } from '@posthorn/queues/definitions';

/** The queues as the local SQS creates them: dead-letter queues first, since the others name them. */
export const localQueues = (stage: string): readonly LocalQueue[] =>
  queues
    .map((queue) => ({ name: queueName(stage, queue), ...queueDefinitions[queue] }))
    .sort((one, other) => Number(one.deadLetters !== undefined) - Number(other.deadLetters !== undefined))
    .map(({ name, fifo, visibilityTimeoutSeconds, retentionSeconds, deadLetters }) => ({
      name,
      fifo,
      visibilityTimeoutSeconds,
      retentionSeconds,
      ...(deadLetters
        ? { deadLetters: { name: queueName(stage, deadLetters.queue), maxReceiveCount: deadLetters.maxReceiveCount } }
        : {}),
    }));
