import { countForBatch } from '../take-batch.ts';
import type { QueueMessage } from './queue-record.ts';

export interface QueueBatch {
  readonly batch: readonly QueueMessage[];
  readonly rest: readonly QueueMessage[];
}

export interface QueueBatchRules {
  readonly batchSize: number;
  readonly fifo: boolean;
  /** Groups with messages in a running batch. */
  readonly busyGroups: ReadonlySet<string>;
}

/**
 * Takes the next batch from the received messages, in order. On a FIFO queue it skips groups that are in another batch,
 * and every message after a skipped one of its group.
 */
export function takeQueueBatch(messages: readonly QueueMessage[], rules: QueueBatchRules): QueueBatch {
  const isFree = ({ groupId }: QueueMessage) => !rules.fifo || groupId === undefined || !rules.busyGroups.has(groupId);
  const free = messages.filter(isFree);
  const count = countForBatch(free, {
    batchSize: rules.batchSize,
    bytesOf: ({ record }) => Buffer.byteLength(record.body),
  });
  const batch = free.slice(0, count);
  const taken = new Set(batch);
  return { batch, rest: messages.filter((message) => !taken.has(message)) };
}

/** The groups of the messages. */
export const groupsOf = (messages: readonly QueueMessage[]): readonly string[] =>
  messages.flatMap(({ groupId }) => groupId ?? []);
