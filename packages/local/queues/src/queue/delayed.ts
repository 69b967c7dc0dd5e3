import type { Change } from '@posthorn/local-storage';
import { delayedPlaceOf, keys, ranges } from '../rows/keys.ts';
import { toMessage } from '../rows/message-row.ts';
import { readRows } from '../rows/read-rows.ts';
import { planReady } from './send.ts';
import { commitPlans, countersOf, type QueueState } from './state.ts';

const messagesPerCommit = 256;
const retryMs = 1_000;
const moving = new WeakMap<QueueState, Promise<void>>();

/** Makes delayed messages available when their time has come. */
export function moveDue(queue: QueueState): Promise<void> {
  if (queue.nextDue === undefined || queue.nextDue > queue.now()) return Promise.resolve();
  const running = moving.get(queue) ?? moveOrRetry(queue).finally(() => moving.delete(queue));
  moving.set(queue, running);
  return running;
}

async function moveOrRetry(queue: QueueState): Promise<void> {
  try {
    await move(queue);
  } catch (error) {
    queue.nextDue = queue.now() + retryMs;
    throw error;
  } finally {
    queue.schedule();
  }
}

async function move(queue: QueueState): Promise<void> {
  for (;;) {
    // Set again by messages that are delayed from now on, because the rows may not contain them.
    queue.nextDue = undefined;
    const rows = await readRows(queue.storage, ranges.delayed(queue.id, queue.movedTo), messagesPerCommit);
    const now = queue.now();
    const found = rows.map(([key, value]) => ({ key, value, place: delayedPlaceOf(key, queue.id) }));
    const due = found.filter(({ place }) => place.due <= now);
    if (due.length > 0) await commitMove(queue, due);
    const next = found[due.length]?.place.due;
    if (next !== undefined) queue.nextDue = Math.min(next, queue.nextDue ?? next);
    if (next !== undefined || rows.length < messagesPerCommit) return;
  }
}

interface DueRow {
  readonly key: string;
  readonly value: string;
  readonly place: { readonly group: string; readonly sequence: number };
}

async function commitMove(queue: QueueState, rows: readonly DueRow[]): Promise<void> {
  const { counters } = queue;
  const messages = rows
    .filter(({ place }) => place.sequence > counters.purgedTo)
    .map(({ value, place }) => toMessage(value, { group: place.group, sequence: placeInGroup(queue, place.sequence) }));
  counters.delayed -= rows.length;
  const ready = planReady(queue, messages);
  const deletions = [...rows.map(({ key }): Change => ({ type: 'del', key })), countersOf(queue)];
  try {
    await commitPlans(queue.storage, [{ ...ready, changes: [...deletions, ...ready.changes] }], { essential: true });
  } catch (error) {
    counters.delayed += rows.length;
    throw error;
  }
  queue.movedTo = nextStart(queue, rows.at(-1)?.key ?? queue.movedTo);
}

/** Where the next read starts: behind what was moved, unless an earlier message was stored since the rows were read. */
const nextStart = ({ id, nextDue }: QueueState, movedTo: string): string =>
  nextDue !== undefined && keys.delayed(id, nextDue, '', 0) < movedTo ? '' : movedTo;

/** On a standard queue a message comes after those that were sent during its delay: these may already be taken. */
function placeInGroup({ fifo, counters }: QueueState, sequence: number): number {
  if (fifo) return sequence;
  counters.sequence += 1;
  return counters.sequence;
}
