import { type BatchOutcome, readBatchResponse } from '../batch-response.ts';
import type { Faults } from '../faults/fault-plan.ts';
import type { Invoke, Log, QueueMapping } from '../mapping.ts';
import { describeError } from '../pause.ts';
import type { QueueClient } from './queue-client.ts';
import type { QueueMessage } from './queue-record.ts';

export interface QueueBatchDeps {
  readonly mapping: QueueMapping;
  readonly queue: Pick<QueueClient, 'remove'>;
  readonly invoke: Invoke;
  readonly faults: Faults;
  readonly log: Log;
}

/**
 * Invokes the function with a batch and deletes the messages that succeeded. The others come back after their
 * visibility timeout.
 */
export async function handleQueueBatch(batch: readonly QueueMessage[], deps: QueueBatchDeps): Promise<void> {
  const { mapping, queue, faults, log } = deps;
  const outcomes = await deliver(batch, deps);
  const handled = batch.filter(({ messageId }) => outcomes.every((outcome) => isHandled(outcome, messageId)));
  for (const outcome of outcomes) {
    if (outcome.kind === 'failed') log(`${mapping.functionKey}: batch of ${batch.length} failed: ${outcome.reason}`);
  }
  if (handled.length === 0) return;
  faults.afterEffect(mapping.functionKey);
  await queue.remove(handled);
}

/**
 * One outcome, or two for a duplicated batch. On a standard queue both are of the same time. On a FIFO queue a second one
 * gets what the first one succeeded with, as if its deletion was lost. What the first one gives back may be with another
 * worker already, and a FIFO queue has each group with one worker at a time.
 */
async function deliver(batch: readonly QueueMessage[], deps: QueueBatchDeps): Promise<readonly BatchOutcome[]> {
  const isTwice = deps.faults.duplicates();
  if (isTwice && !isFifo(deps.mapping)) return Promise.all([invokeOnce(batch, deps), invokeOnce(batch, deps)]);
  const outcome = await invokeOnce(batch, deps);
  const handled = batch.filter(({ messageId }) => isHandled(outcome, messageId));
  return isTwice && handled.length > 0 ? [outcome, await invokeOnce(handled, deps)] : [outcome];
}

async function invokeOnce(batch: readonly QueueMessage[], { mapping, invoke }: QueueBatchDeps): Promise<BatchOutcome> {
  try {
    const result = await invoke({ Records: batch.map(({ record }) => record) });
    const ids = new Set(batch.map(({ messageId }) => messageId));
    return readBatchResponse({ result, ids, reportFailures: mapping.reportFailures });
  } catch (error) {
    return { kind: 'failed', reason: describeError(error) };
  }
}

function isHandled(outcome: BatchOutcome, messageId: string): boolean {
  switch (outcome.kind) {
    case 'succeeded':
      return true;
    case 'partly-failed':
      return !outcome.ids.has(messageId);
    case 'failed':
      return false;
  }
}

export const isFifo = ({ queueName }: QueueMapping): boolean => queueName.endsWith('.fifo');
