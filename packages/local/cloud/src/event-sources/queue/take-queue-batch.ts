import { countForBatch } from '../take-batch.ts';
import type { QueueMessage } from './queue-record.ts';

export interface QueueBatch {
  readonly batch: readonly QueueMessage[];
  readonly rest: readonly QueueMessage[];
}

export interface QueueBatchRules {
  readonly batchSize: number;
  readonly fifo: boolean;
  /** Groups that a batch under way has messages of. */
  readonly busyGroups: ReadonlySet<string>;
}

/**
 * The next batch out of what was received, in order. On a FIFO queue nothing is taken of a group that another batch has,
 * nor anything behind a message of its group that stays.
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

/** The groups that the messages are of. */
export const groupsOf = (messages: readonly QueueMessage[]): readonly string[] =>
  messages.flatMap(({ groupId }) => groupId ?? []);
