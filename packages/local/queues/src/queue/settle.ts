import type { Change } from '@posthorn/local-storage';
import { type Message, toMessage, toRow } from '../rows/message-row.ts';
import { parseReceiptHandle, type Receipt } from './receipt.ts';
import { closeTakes, countersOf, type Flight, messageKey, type QueueState } from './state.ts';

/** Deletes received messages. Resolves when that is durable. A handle that is no longer valid has no effect. */
export async function remove(queue: QueueState, receiptHandles: readonly string[]): Promise<void> {
  const { counters, deadlines, flights, window, availability } = queue;
  const receipts = receiptHandles.flatMap((handle) => parseReceiptHandle(handle) ?? []);
  const leaving = receipts.flatMap((receipt) => findFlight(queue, receipt) ?? withdraw(queue, receipt) ?? []);
  if (leaving.length === 0) return;
  for (const flight of leaving) {
    flight.status = 'settling';
    deadlines.remove(flight);
  }
  const takes = closeTakes(leaving);
  counters.messages -= leaving.length;
  const deletions = leaving.map(({ message }): Change => ({ type: 'del', key: messageKey(queue, message) }));
  try {
    await queue.storage.commit([...deletions, ...takes.changes, countersOf(queue)]);
  } catch (error) {
    counters.messages += leaving.length;
    takes.reopen();
    reopen(queue, leaving);
    throw error;
  }
  for (const { message, group } of leaving) {
    flights.delete(message.sequence);
    window.gone(group);
  }
  // The next messages of their groups may be taken now.
  if (queue.fifo) availability.signal();
}

/**
 * Makes received messages visible again, at once or later. Until then, and before later messages of their group, nothing
 * of a FIFO group can be taken. Returns the handles that are no longer valid.
 */
export async function release(
  queue: QueueState,
  receiptHandles: readonly string[],
  afterMs = 0,
): Promise<readonly string[]> {
  const found = receiptHandles.map((handle) => {
    const receipt = parseReceiptHandle(handle);
    return { handle, flight: receipt && findFlight(queue, receipt) };
  });
  const flights = found.flatMap(({ flight }) => flight ?? []);
  if (afterMs > 0) {
    for (const flight of flights) queue.deadlines.add(queue.now() + afterMs, flight);
    queue.schedule();
  } else await giveBack(queue, flights);
  return found.flatMap(({ handle, flight }) => (flight === undefined ? handle : []));
}

/** Makes the messages visible whose visibility timeout has ended. */
export async function releaseExpired(queue: QueueState): Promise<void> {
  if ((queue.deadlines.next() ?? Number.POSITIVE_INFINITY) > queue.now()) return;
  await giveBack(queue, queue.deadlines.takeDue(queue.now()));
}

/** Stores the receive counts, then shows the messages again. */
async function giveBack(queue: QueueState, leaving: readonly Flight[]): Promise<void> {
  if (leaving.length === 0) return;
  for (const flight of leaving) {
    flight.status = 'settling';
    queue.deadlines.remove(flight);
  }
  const takes = closeTakes(leaving);
  const returning = leaving.map((flight) => ({ flight, message: withBody(queue, flight) }));
  const puts = returning.flatMap(({ message }): Change[] =>
    message === undefined ? [] : [{ type: 'put', key: messageKey(queue, message), value: toRow(message) }],
  );
  try {
    await queue.storage.commit([...puts, ...takes.changes]);
  } catch (error) {
    takes.reopen();
    reopen(queue, leaving);
    throw error;
  }
  for (const { flight, message } of returning) {
    queue.flights.delete(flight.message.sequence);
    if (message === undefined) queue.window.gone(flight.group);
    else queue.window.returned(flight.group, message);
  }
  queue.availability.signal();
}

function withBody(queue: QueueState, { message }: Flight): Message | undefined {
  const row = queue.storage.latest(messageKey(queue, message));
  return row === undefined ? undefined : { ...message, body: toMessage(row, message).body };
}

/** The commit has failed: the messages are in flight again, and visible after their visibility timeout. */
function reopen(queue: QueueState, flights: readonly Flight[]): void {
  const retryMs = 1_000;
  for (const flight of flights) {
    flight.status = 'out';
    queue.deadlines.add(queue.now() + retryMs, flight);
  }
  queue.schedule();
}

function findFlight({ flights }: QueueState, { sequence, receives }: Receipt): Flight | undefined {
  const flight = flights.get(sequence);
  return flight?.status === 'out' && flight.message.receives === receives ? flight : undefined;
}

/**
 * A message of a standard queue can be deleted after its visibility timeout, as long as nobody has received it again.
 * Then it waits in memory or only in its row.
 */
function withdraw(queue: QueueState, receipt: Receipt): Flight | undefined {
  if (queue.fifo || queue.flights.has(receipt.sequence)) return undefined;
  const row = queue.storage.latest(messageKey(queue, receipt));
  if (row === undefined) return undefined;
  const { body: _, ...message } = toMessage(row, receipt);
  if (message.receives !== receipt.receives) return undefined;
  const group = queue.window.withdraw(receipt.group, receipt.sequence);
  const flight: Flight = { message, group, take: undefined, status: 'out' };
  queue.flights.set(receipt.sequence, flight);
  return flight;
}
