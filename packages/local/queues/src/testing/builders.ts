import { openStorage, type Storage } from '@posthorn/local-storage';
import type { QueueDefinition } from '../definition.ts';
import type { LocalQueue } from '../queue/local-queue.ts';
import { type LocalQueues, openQueues, type QueuesOptions } from '../queues.ts';

/** Queues with a clock that a test moves. */
export interface TestQueues {
  readonly queues: LocalQueues;
  readonly storage: Storage;
  readonly clock: { now: number };
  /** @throws if there is no such queue */
  queue(name: string): LocalQueue;
  /** Sends bodies to a group, whose deduplication ids are the bodies on a FIFO queue. */
  send(name: string, group: string | undefined, ...bodies: string[]): Promise<void>;
  /** Ends without settling anything, and opens the queues again. */
  reopen(definitions?: readonly QueueDefinition[]): Promise<TestQueues>;
}

export async function openTestQueues(
  definitions: readonly QueueDefinition[],
  options: Partial<QueuesOptions> & { readonly clock?: { now: number } } = {},
): Promise<TestQueues> {
  const storage = options.storage ?? (await openStorage({}));
  const clock = options.clock ?? { now: 1_700_000_000_000 };
  const queues = await openQueues({ ...options, storage, queues: definitions, now: () => clock.now });
  const queue = (name: string): LocalQueue => {
    const found = queues.find(name);
    if (found === undefined) throw new Error(`there is no queue ${name}`);
    return found;
  };
  return {
    queues,
    storage,
    clock,
    queue,
    async send(name, group, ...bodies) {
      for (const MessageBody of bodies) {
        await queues.execute('SendMessage', {
          QueueUrl: name,
          MessageBody,
          ...(group === undefined ? {} : { MessageGroupId: group }),
          ...(queue(name).isFifo ? { MessageDeduplicationId: MessageBody } : {}),
        });
      }
    },
    async reopen(again = definitions) {
      await queues.close();
      return openTestQueues(again, { ...options, storage, clock });
    },
  };
}

/** Takes messages and returns their bodies. */
export const takeBodies = async (queue: LocalQueue, count = 10): Promise<readonly string[]> =>
  (await queue.take(count)).map(({ body }) => body);

/** Takes and deletes everything that may be taken, in order. */
export async function drain(queue: LocalQueue, count = 10): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (let taken = await queue.take(count); taken.length > 0; taken = await queue.take(count)) {
    bodies.push(...taken.map(({ body }) => body));
    await queue.remove(taken.map(({ receiptHandle }) => receiptHandle));
  }
  return bodies;
}

export const handlesOf = (messages: readonly { readonly receiptHandle: string }[]): readonly string[] =>
  messages.map(({ receiptHandle }) => receiptHandle);
