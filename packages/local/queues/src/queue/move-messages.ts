import { randomUUID } from 'node:crypto';
import type { Message } from '../rows/message-row.ts';
import { toReceiptHandle } from './receipt.ts';
import { planReady } from './send.ts';
import { release, remove } from './settle.ts';
import type { Plan, QueueState } from './state.ts';
import { take } from './take.ts';

const messagesPerCommit = 10;

export interface Move {
  /** The number of messages so far. */
  moved: number;
}

/**
 * Moves all messages of a queue, each to the target that is chosen for it. A portion is in one of the queues at any time.
 *
 * @throws Error if a message has no target. It stays, with what is behind it.
 */
export async function moveMessages(
  queue: QueueState,
  targetOf: (message: Message) => QueueState | undefined,
  progress: Move,
): Promise<void> {
  // What is on its way into the queue is moved too.
  await queue.storage.settled();
  for (;;) {
    const messages = await take(queue, { count: messagesPerCommit });
    if (messages.length === 0) return;
    const handles = messages.map(toReceiptHandle);
    const targets = messages.map(targetOf);
    if (targets.includes(undefined)) {
      await release(queue, handles);
      throw new Error('CouldNotDetermineMessageSource');
    }
    const plans = messages.flatMap((message, index): Plan[] => {
      const target = targets[index];
      return target === undefined ? [] : [planReady(target, [asNew(target, message)])];
    });
    await remove(queue, handles, plans);
    progress.moved += messages.length;
  }
}

/** As in SQS: a moved message is a new one, with a new id and time. */
function asNew(target: QueueState, { group, body, extras = {} }: Message): Message {
  target.counters.sequence += 1;
  const { attributes, deduplicationId } = extras;
  return {
    id: randomUUID(),
    group,
    body,
    sequence: target.counters.sequence,
    sentAt: target.now(),
    receives: 0,
    extras: {
      ...(attributes === undefined ? {} : { attributes }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
    },
  };
}
