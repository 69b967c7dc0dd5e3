import { setTimeout as wait } from 'node:timers/promises';
import type { Range } from '@posthorn/local-storage';
import { placeOf, ranges } from '../rows/keys.ts';
import { sentAtOf, toMessage } from '../rows/message-row.ts';
import { readRows } from '../rows/read-rows.ts';
import { drop, expiresAt, isDead } from './dead-letters.ts';
import { forgetSent } from './deduplication.ts';
import { messageKey, type QueueState } from './state.ts';

const intervalMs = 60_000;
const rowsPerStep = 256;
/** Between two steps, so that a large queue is read at a modest pace. */
const pauseMs = 20;

export interface Housekeeping {
  /** Deletes now what is too old. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

/** Deletes what is too old every minute, in small steps, until it is stopped. */
export function startHousekeeping(queues: () => Iterable<QueueState>): Housekeeping {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    for (const queue of queues()) if (!signal.aborted) await keepHouse(queue, signal);
  };
  const repeat = async (): Promise<void> => {
    while (!signal.aborted) {
      await wait(intervalMs, undefined, { signal, ref: false }).catch(() => undefined);
      await run().catch(warn);
    }
  };
  const repeating = repeat();
  return {
    run,
    async stop() {
      stopping.abort();
      await repeating;
    },
  };
}

/** Deletes old deduplication ids, and messages that are older than the retention period or were purged. */
async function keepHouse(queue: QueueState, signal: AbortSignal): Promise<void> {
  if (queue.fifo) await forgetSent(queue);
  if (queue.nothingExpiresBefore > queue.now()) return;
  let oldest = queue.now();
  let range: Range = ranges.messages(queue.id);
  for (;;) {
    const rows = await readRows(queue.storage, range, rowsPerStep);
    for (const [key, value] of rows) {
      const isDropped = dropIfDead(queue, key, value);
      if (!isDropped) oldest = Math.min(oldest, sentAtOf(value));
    }
    const last = rows.at(-1);
    await queue.storage.settled();
    if (last === undefined || rows.length < rowsPerStep) break;
    await wait(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
    if (signal.aborted) return;
    range = ranges.messagesAfterKey(queue.id, last[0]);
  }
  queue.nothingExpiresBefore = expiresAt(queue, oldest);
}

/** Messages in flight are left: they are checked when they wait again. */
function dropIfDead(queue: QueueState, key: string, value: string): boolean {
  const place = placeOf(key, queue.id);
  if (!isDead(queue, { sentAt: sentAtOf(value), ...place }) || queue.flights.has(place.sequence)) return false;
  // It may have been deleted since the row was read.
  if (queue.storage.latest(messageKey(queue, place)) !== undefined)
    drop(queue, queue.window.withdraw(place.group, place.sequence), toMessage(value, place));
  return true;
}

function warn(error: unknown): void {
  process.emitWarning(`local-queues: old messages could not be deleted, trying again in a minute: ${String(error)}`);
}
