import type { Change, Storage } from '@posthorn/local-storage';
import type { QueueDefinition } from '../definition.ts';
import { type Counters, countersChange, readCounters } from '../queue/counters.ts';
import { keepsDeduplicationId, rememberSent } from '../queue/deduplication.ts';
import { delayedPlaceOf, keys, ranges } from '../rows/keys.ts';
import { toRow } from '../rows/message-row.ts';
import { readRows } from '../rows/read-rows.ts';
import { importProgress, progressChange } from './import-progress.ts';
import { type ImportedMessage, toStoredMessage } from './imported-message.ts';

export interface ImportOptions {
  readonly storage: Storage;
  /** The queues to create. */
  readonly queues: readonly ImportedQueue[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface ImportedQueue {
  readonly definition: QueueDefinition;
  /** The highest sequence number that the other server has given. New messages get higher ones. */
  readonly lastSequence: number;
}

/** An import of the messages of another queue server. Its progress is stored with the messages. */
export interface QueueImport {
  /** The sequence number of the last imported message, from which an interrupted import goes on. 0 at the beginning. */
  readonly importedTo: number;
  readonly isFinished: boolean;
  /**
   * Stores messages in one atomic commit. They must come in the order of their sequence numbers, after those that were
   * imported before.
   */
  add(messages: readonly ImportedMessage[]): Promise<void>;
  /** Ends the import. Until then, the queues of the storage cannot be opened. */
  finish(): Promise<void>;
}

/** The storage has queues that were not made by an import. */
export class QueuesExist extends Error {
  constructor() {
    super('The storage already has queues. Import into a storage without queues');
    this.name = 'QueuesExist';
  }
}

interface TargetQueue {
  readonly id: string;
  readonly definition: QueueDefinition;
  readonly counters: Counters;
  /** No delayed message of a FIFO queue is due later. */
  lastDue: number;
}

/**
 * Begins an import into a storage without queues, or continues one that was interrupted.
 *
 * @throws QueuesExist
 */
export async function openQueueImport({ storage, queues, now }: ImportOptions): Promise<QueueImport> {
  const progress = importProgress(storage) ?? (await begin(storage, queues));
  const targets = new Map(
    await Promise.all(
      queues.map(async ({ definition }) => [definition.name, await target(storage, definition)] as const),
    ),
  );
  return {
    ...progress,
    async add(messages) {
      const changes = messages.flatMap((message) => changesOf(requireTarget(targets, message), message, now()));
      const changed = new Set(messages.map((message) => requireTarget(targets, message)));
      const importedTo = messages.at(-1)?.sequence;
      if (importedTo === undefined) return;
      await storage.commit([
        ...changes,
        ...[...changed].map(({ id, counters }) => countersChange(id, counters)),
        progressChange({ importedTo, isFinished: false }),
      ]);
    },
    finish: () => storage.commit([progressChange({ importedTo: 0, isFinished: true })]),
  };
}

/** Creates the queues. Their ids are the same after a kill, because all of it is one commit. */
async function begin(storage: Storage, queues: readonly ImportedQueue[]) {
  const existing = await readRows(storage, ranges.queues, 1);
  if (existing.length > 0) throw new QueuesExist();
  const progress = { importedTo: 0, isFinished: false };
  await storage.commit([
    ...queues.flatMap(({ definition, lastSequence }, index): Change[] => {
      const id = String(index + 1);
      return [
        { type: 'put', key: keys.queue(definition.name), value: JSON.stringify({ id, definition }) },
        countersChange(id, { messages: 0, delayed: 0, sequence: lastSequence, purgedTo: 0 }),
      ];
    }),
    progressChange(progress),
  ]);
  return progress;
}

async function target(storage: Storage, definition: QueueDefinition): Promise<TargetQueue> {
  // `begin` wrote this row.
  const { id } = JSON.parse(storage.get(keys.queue(definition.name)) ?? '{}') as { id: string };
  const [lastDelayed] = await readRows(storage, { ...ranges.delayed(id), reverse: true }, 1);
  return {
    id,
    definition,
    counters: readCounters(storage.get(keys.counters(id))),
    lastDue: lastDelayed === undefined ? 0 : delayedPlaceOf(lastDelayed[0], id).due,
  };
}

function requireTarget(targets: ReadonlyMap<string, TargetQueue>, { id, queue }: ImportedMessage): TargetQueue {
  const found = targets.get(queue);
  if (found === undefined) throw new Error(`message ${id} belongs to the queue ${queue}, which is not imported`);
  return found;
}

function changesOf(queue: TargetQueue, message: ImportedMessage, now: number): Change[] {
  const { id, counters } = queue;
  const stored = toStoredMessage(message, queue.definition, now);
  const { group, sequence } = stored;
  counters.sequence = Math.max(counters.sequence, sequence);
  const due = dueTime(queue, message, now);
  if (due === undefined) counters.messages += 1;
  else counters.delayed += 1;
  const key = due === undefined ? keys.message(id, group, sequence) : keys.delayed(id, due, group, sequence);
  const { deduplicationId, sentAt } = message;
  const isKnown = deduplicationId !== undefined && keepsDeduplicationId(sentAt, now);
  return [
    { type: 'put', key, value: toRow(stored) },
    ...(isKnown ? [rememberSent(queue, deduplicationId, { id: message.id, sequence }, sentAt)] : []),
  ];
}

/** Returns when a message may be taken, or nothing if at once. On a FIFO queue no message is due before an earlier one. */
function dueTime(queue: TargetQueue, { dueAt = 0 }: ImportedMessage, now: number): number | undefined {
  if (queue.definition.fifo !== true) return dueAt > now ? dueAt : undefined;
  if (dueAt <= now && queue.counters.delayed === 0) return undefined;
  queue.lastDue = Math.max(dueAt, now, queue.lastDue);
  return queue.lastDue;
}
