import { parseReceiptHandle } from '../queue/receipt.ts';
import { release, remove } from '../queue/settle.ts';
import { prepareEntries, requireEntries, toBatchResponse, toFailedEntry } from './batch.ts';
import { type Input, type Operation, requireQueue } from './context.ts';
import { invalidHandle, invalidValue, missing, SqsFailure } from './failure.ts';

/** Twelve hours. */
export const maxVisibilitySeconds = 43_200;

export const deleteMessage: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  await remove(queue, [requireHandle(input)]);
  return {};
};

export const deleteMessageBatch: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  const { prepared, failed } = prepareEntries(requireEntries(input), requireHandle);
  await remove(
    queue,
    prepared.map(({ value }) => value),
  );
  return toBatchResponse(
    prepared.map(({ Id }) => ({ Id })),
    failed,
  );
};

export const changeMessageVisibility: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  const { handle, afterMs } = requireChange(input);
  const [unknown] = await release(queue, [handle], afterMs);
  if (unknown !== undefined) throw notInFlight();
  return {};
};

export const changeMessageVisibilityBatch: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  const { prepared, failed } = prepareEntries(requireEntries(input), requireChange);
  const byDelay = Map.groupBy(prepared, ({ value }) => value.afterMs);
  const unknown = new Set<string>();
  for (const [afterMs, entries] of byDelay) {
    const handles = entries.map(({ value }) => value.handle);
    for (const handle of await release(queue, handles, afterMs)) unknown.add(handle);
  }
  const changed = prepared.filter(({ value }) => !unknown.has(value.handle));
  const notFound = prepared.filter(({ value }) => unknown.has(value.handle));
  return toBatchResponse(
    changed.map(({ Id }) => ({ Id })),
    [...failed, ...notFound.map(({ Id }) => toFailedEntry(Id, notInFlight()))],
  );
};

const notInFlight = (): SqsFailure =>
  new SqsFailure('MessageNotInflight', 'The specified message is not in flight: its visibility timeout has ended.');

function requireHandle({ ReceiptHandle: handle }: Input): string {
  if (typeof handle !== 'string' || handle === '') throw missing('ReceiptHandle');
  if (parseReceiptHandle(handle) === undefined) throw invalidHandle(handle);
  return handle;
}

function requireChange(input: Input): { readonly handle: string; readonly afterMs: number } {
  const { VisibilityTimeout: seconds } = input;
  const handle = requireHandle(input);
  if (typeof seconds !== 'number') throw missing('VisibilityTimeout');
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > maxVisibilitySeconds)
    throw invalidValue(seconds, 'VisibilityTimeout', `VisibilityTimeout must be between 0 and ${maxVisibilitySeconds}`);
  return { handle, afterMs: seconds * 1_000 };
}
