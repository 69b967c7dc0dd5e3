import { queueName, queues } from '@posthorn/contracts';
import type { QueueDefinition } from '@posthorn/local-queues';
import { queueDefinitions } from '@posthorn/queues/definitions';

/**
 * The queues of a stage, with their physical names.
 *
 * @param hiddenSeconds - another visibility timeout of jobs, for tests
 */
export const localQueues = (stage: string, hiddenSeconds?: number): readonly QueueDefinition[] =>
  queues.map((queue) => {
    const { deadLetters, ...deployed } = queueDefinitions[queue];
    const definition =
      hiddenSeconds === undefined ? deployed : { ...deployed, visibilityTimeoutSeconds: hiddenSeconds };
    if (deadLetters?.maxReceiveCount === undefined) return { name: queueName(stage, queue), ...definition };
    const { maxReceiveCount } = deadLetters;
    const to = { name: queueName(stage, deadLetters.queue), maxReceiveCount };
    return { name: queueName(stage, queue), ...definition, deadLetters: to };
  });
