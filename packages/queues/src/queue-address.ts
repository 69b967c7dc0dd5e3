import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { type Queue, queueName } from '@posthorn/contracts';
import type { QueuesClient } from './queue-client.ts';

/** How to reach the queues of one stage. */
export interface QueueAccess {
  readonly client: QueuesClient;
  readonly stage: string;
}

/** Finds a queue's URL by its name, once. Names are a convention, URLs differ between AWS and a local system. */
export function createFindQueueUrl({ client, stage }: QueueAccess): (queue: Queue) => Promise<string> {
  const found = new Map<Queue, Promise<string>>();
  const load = async (queue: Queue): Promise<string> => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName(stage, queue) }));
    if (QueueUrl === undefined) throw new Error(`the queue ${queueName(stage, queue)} was found without a URL`);
    return QueueUrl;
  };
  return (queue) => {
    const url = found.get(queue) ?? load(queue);
    found.set(queue, url);
    url.catch(() => found.delete(queue));
    return url;
  };
}
