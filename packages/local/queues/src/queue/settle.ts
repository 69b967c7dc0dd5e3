import type { Change } from '@posthorn/local-storage';
import { type Message, toMessage, toRow } from '../rows/message-row.ts';
import { parseReceiptHandle, type Receipt } from './receipt.ts';
import { closeTakes, commitPlans, countersOf, type Flight, messageKey, type Plan, type QueueState } from './state.ts';

/** When messages are visible again whose commit has failed. */
const retryMs = 1_000;

/**
 * Deletes received messages. Resolves when that is durable. A handle that is no longer valid has no effect.
 *
 * @param others - are committed together with the deletes, or not at all
 */
export async function remove(
  queue: QueueState,
  receiptHandles: readonly string[],
  others: readonly Plan[] = [],
): Promise<void> {
  const { counters, window } = queue;
  const leaving = receiptHandles.flatMap((handle) => {
    const receipt = parseReceiptHandle(handle);
    return (receipt && (findFlight(queue, receipt) ?? withdraw(queue, receipt))) ?? [];
  });
  await settle(queue, leaving, () => {
    counters.messages -= leaving.length;
    const deletion: Plan = {
      changes: [
        ...leaving.map(({ message }): Change => ({ type: 'del', key: messageKey(queue, message) })),
        countersOf(queue),
      ],
      done: () => {
        for (const { group } of leaving) window.gone(group);
        // The next messages of their groups may be taken now.
        if (queue.fifo) queue.availability.signal();
      },
      failed: () => {
        counters.messages += leaving.length;
      },
    };
    return [deletion, ...others];
  });
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
  await settle(queue, leaving, () => {
    const returning = leaving.map((flight) => ({ flight, message: withBody(queue, flight) }));
    const returns: Plan = {
      changes: returning.flatMap(({ message }): Change[] =>
        message === undefined ? [] : [{ type: 'put', key: messageKey(queue, message), value: toRow(message) }],
      ),
      done: () => {
        for (const { flight, message } of returning) {
          if (message === undefined) queue.window.gone(flight.group);
          else queue.window.returned(flight.group, message);
        }
        queue.availability.signal();
      },
      failed: () => undefined,
    };
    return [returns];
  });
}

/** Ends flights, with what is planned for their messages. If that fails they are in flight again, for a moment. */
async function settle(queue: QueueState, leaving: readonly Flight[], plan: () => readonly Plan[]): Promise<void> {
  if (leaving.length === 0) return;
  const { flights, deadlines, storage } = queue;
  for (const flight of leaving) {
    flight.status = 'settling';
    deadlines.remove(flight);
  }
  const takes = closeTakes(leaving);
  const leave = (): void => {
    for (const { message } of leaving) flights.delete(message.sequence);
  };
  try {
    await commitPlans(storage, [{ changes: takes.changes, done: leave, failed: () => undefined }, ...plan()], {
      essential: true,
    });
  } catch (error) {
    takes.reopen();
    for (const flight of leaving) {
      flight.status = 'out';
      deadlines.add(queue.now() + retryMs, flight);
    }
    queue.schedule();
    throw error;
  }
}

function withBody(queue: QueueState, { message }: Flight): Message | undefined {
  const row = queue.storage.latest(messageKey(queue, message));
  return row === undefined ? undefined : { ...message, body: toMessage(row, message).body };
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
  // In case its delete does not begin.
  queue.deadlines.add(queue.now() + retryMs, flight);
  return flight;
}
