import type { Change, Storage } from '@posthorn/local-storage';
import type { QueueDefinition } from '../definition.ts';
import { delayedPlaceOf, keys, ranges } from '../rows/keys.ts';
import { toMessage, toRow } from '../rows/message-row.ts';
import { readRows } from '../rows/read-rows.ts';
import { createWindow, type WindowLimits } from '../window/window.ts';
import { createAvailability } from './availability.ts';
import { readCounters } from './counters.ts';
import { createDeadlines } from './deadlines.ts';
import type { Flight, QueueState } from './state.ts';
import { parseTakeRow } from './take-row.ts';

export interface OpenQueueOptions {
  readonly storage: Storage;
  readonly id: string;
  readonly arn: string;
  readonly definition: QueueDefinition;
  readonly now: () => number;
  readonly limits?: WindowLimits | undefined;
  readonly findQueue: QueueState['findQueue'];
  readonly schedule: () => void;
}

/** Opens a queue: what was in flight when the last process ended may be taken again. */
export async function openQueue(options: OpenQueueOptions): Promise<QueueState> {
  const { storage, id, definition, now } = options;
  await returnFlights(storage, id);
  const [[first], [last]] = await Promise.all([
    readRows(storage, ranges.delayed(id), 1),
    readRows(storage, { ...ranges.delayed(id), reverse: true }, 1),
  ]);
  const flights = new Map<number, Flight>();
  const fifo = definition.fifo === true;
  const window = createWindow({
    storage,
    queueId: id,
    fifo,
    isTaken: (sequence) => flights.has(sequence),
    ...(options.limits && { limits: options.limits }),
  });
  return {
    storage,
    id,
    name: definition.name,
    arn: options.arn,
    fifo,
    now,
    definition,
    counters: readCounters(storage.get(keys.counters(id))),
    window,
    flights,
    deadlines: createDeadlines(),
    availability: createAvailability(),
    takes: 0,
    nextDue: first && delayedPlaceOf(first[0], id).due,
    movedTo: '',
    lastDue: last === undefined ? 0 : delayedPlaceOf(last[0], id).due,
    nothingExpiresBefore: 0,
    findQueue: options.findQueue,
    schedule: options.schedule,
  };
}

const takesPerCommit = 64;

/** Stores how often the messages in flight were received, and forgets their takes. */
async function returnFlights(storage: Storage, id: string): Promise<void> {
  for (;;) {
    const takes = await readRows(storage, ranges.takes(id), takesPerCommit);
    if (takes.length === 0) return;
    await storage.commit(
      takes.flatMap(([key, row]): Change[] => [...countReceives(storage, id, row), { type: 'del', key }]),
      { essential: true },
    );
  }
}

const countReceives = (storage: Storage, id: string, takeRow: string): readonly Change[] =>
  parseTakeRow(takeRow).flatMap((taken): Change[] => {
    const key = keys.message(id, taken.group, taken.sequence);
    const row = storage.get(key);
    if (row === undefined) return [];
    const message = toMessage(row, taken);
    // It was released after this take, or also taken later.
    if (message.receives >= taken.receives) return [];
    const extras = { ...message.extras, firstReceivedAt: taken.firstReceivedAt };
    return [{ type: 'put', key, value: toRow({ ...message, receives: taken.receives, extras }) }];
  });
