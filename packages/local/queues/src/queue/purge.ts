import { countersOf, type QueueState } from './state.ts';

/**
 * Deletes all messages that were sent so far. It takes effect at once and is durable when this resolves. The rows are
 * deleted later, when they are met.
 */
export async function purge(queue: QueueState): Promise<void> {
  queue.counters.purgedTo = queue.counters.sequence;
  queue.nothingExpiresBefore = 0;
  await queue.storage.commit([countersOf(queue)]);
}
