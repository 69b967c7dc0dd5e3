import { defaultRetentionSeconds } from '../definition.ts';
import type { Message } from '../rows/message-row.ts';
import type { Group } from '../window/group.ts';
import { planReady } from './send.ts';
import { commitPlans, countersOf, type Flight, messageKey, type Plan, type QueueState } from './state.ts';

/** Returns the dead-letter queue if a message was received as often as its queue allows. */
export function deadLettersFor({ definition, findQueue }: QueueState, { receives }: Message): QueueState | undefined {
  const { deadLetters } = definition;
  if (deadLetters === undefined || receives < deadLetters.maxReceiveCount) return undefined;
  return findQueue(deadLetters.name);
}

/** Returns when the retention period of a message ends. */
export const expiresAt = ({ definition }: QueueState, sentAt: number): number =>
  sentAt + (definition.retentionSeconds ?? defaultRetentionSeconds) * 1_000;

/** A message has waited for the whole retention period, or was purged. */
export const isDead = (queue: QueueState, { sentAt, sequence }: Pick<Message, 'sentAt' | 'sequence'>): boolean =>
  expiresAt(queue, sentAt) <= queue.now() || sequence <= queue.counters.purgedTo;

/**
 * Moves a message to the dead letters, in one atomic commit. A failure leaves it where it is, and it is found again when
 * its group is loaded again.
 */
export function moveToDeadLetters(queue: QueueState, target: QueueState, group: Group, message: Message): void {
  target.counters.sequence += 1;
  const moved: Message = {
    ...message,
    sequence: target.counters.sequence,
    // As in SQS: a FIFO queue counts the retention from the move.
    sentAt: target.fifo ? target.now() : message.sentAt,
    receives: 0,
    extras: { ...message.extras, sourceArn: queue.arn },
  };
  target.nothingExpiresBefore = Math.min(target.nothingExpiresBefore, expiresAt(target, moved.sentAt));
  const plans = [planDeletion(queue, group, message), planReady(target, [moved])];
  commitPlans(queue.storage, plans, { essential: true }).catch((error: unknown) => warn(queue, error));
}

/** Deletes a message that is too old or was purged. */
export function drop(queue: QueueState, group: Group, message: Message): void {
  const plans = [planDeletion(queue, group, message)];
  commitPlans(queue.storage, plans, { essential: true }).catch((error: unknown) => warn(queue, error));
}

/** Plans to delete a message that the window has given out. */
function planDeletion(queue: QueueState, group: Group, message: Message): Plan {
  const flight: Flight = { message, group, take: undefined, status: 'settling' };
  queue.flights.set(message.sequence, flight);
  queue.counters.messages -= 1;
  const leave = (): void => void queue.flights.delete(message.sequence);
  return {
    changes: [{ type: 'del', key: messageKey(queue, message) }, countersOf(queue)],
    done: () => {
      leave();
      queue.window.gone(group);
      queue.availability.signal();
    },
    failed: () => {
      leave();
      queue.counters.messages += 1;
      queue.window.returned(group, message);
    },
  };
}

function warn(queue: QueueState, error: unknown): void {
  process.emitWarning(`local-queues: ${queue.name}: a message could not be moved or deleted: ${String(error)}`);
}
