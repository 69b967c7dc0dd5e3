import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Queue, queueName } from '@posthorn/contracts';

/** How to reach the queues of one stage. */
export interface QueueAccess {
  readonly client: SQSClient;
  readonly stage: string;
}

/** Finds a queue's URL by its name once, and keeps it: names are a convention, URLs differ between clouds. */
export function createFindQueueUrl({ client, stage }: QueueAccess): (queue: Queue) => Promise<string> {
  const found = new Map<Queue, Promise<string>>();
  const load = async (queue: Queue): Promise<string> => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName(stage, queue) }));
    if (QueueUrl === undefined) throw new Error(`the queue ${queueName(stage, queue)} has no URL`);
    return QueueUrl;
  };
  return (queue) => {
    const url = found.get(queue) ?? load(queue);
    found.set(queue, url);
    url.catch(() => found.delete(queue));
    return url;
  };
}
