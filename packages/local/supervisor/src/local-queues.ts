import { queueName, queues } from '@posthorn/contracts';
import type { LocalQueue } from '@posthorn/local-cloud/stores/sqs';
import { queueDefinitions } from '@posthorn/queues/definitions';

/** Returns the queues of a stage, as the local SQS needs them. */
export const localQueues = (stage: string): readonly LocalQueue[] =>
  queues.map((queue) => {
    const { deadLetters, ...definition } = queueDefinitions[queue];
    const to = deadLetters && { ...deadLetters, name: queueName(stage, deadLetters.queue) };
    return { name: queueName(stage, queue), ...definition, ...(to ? { deadLetters: to } : {}) };
  });
