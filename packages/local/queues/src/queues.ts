import type { Storage } from '@posthorn/local-storage';
import { type QueueDefinition, toArn } from './definition.ts';
import { endImport } from './import/import-progress.ts';
import type { OperationContext, RequestContext } from './operations/context.ts';
import { runOperation } from './operations/operations.ts';
import { startHousekeeping } from './queue/housekeeping.ts';
import { type LocalQueue, toLocalQueue } from './queue/local-queue.ts';
import { openQueue } from './queue/open-queue.ts';
import type { QueueState } from './queue/state.ts';
import { createTimer } from './queue/timer.ts';
import { keys, ranges } from './rows/keys.ts';
import { readRows } from './rows/read-rows.ts';
import type { WindowLimits } from './window/window.ts';

export interface QueuesOptions {
  /** The caller closes it, after the queues. */
  readonly storage: Storage;
  /** Queues that must exist. Existing ones keep their messages and get these attributes. */
  readonly queues: readonly QueueDefinition[];
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly limits?: WindowLimits;
}

export interface LocalQueues {
  /**
   * Runs an operation of SQS, with the SDK's input and output.
   *
   * @throws SqsFailure, which has the fields of the SDK's errors
   */
  execute(operation: string, input: object, request?: RequestContext): Promise<object>;
  find(name: string): LocalQueue | undefined;
  names(): readonly string[];
  /** Deletes messages and deduplication ids that are too old. It also runs by itself, every minute. */
  deleteExpired(): Promise<void>;
  /** Stops all timers, and waits for what was written so far. The storage stays open. */
  close(): Promise<void>;
}

interface CatalogueRow {
  readonly id: string;
  readonly definition: QueueDefinition;
}

const maxQueues = 10_000;

/**
 * Opens the queues of a storage. Messages that were in flight when the last process ended can be taken at once.
 *
 * @throws ImportUnfinished
 */
export async function openQueues(options: QueuesOptions): Promise<LocalQueues> {
  const { storage, region = 'us-east-1', now = Date.now, limits } = options;
  const states = new Map<string, QueueState>();
  const locals = new Map<string, LocalQueue>();
  const timers: ReturnType<typeof createTimer>[] = [];
  let lastId = 0;
  await endImport(storage);

  const open = async ({ id, definition }: CatalogueRow): Promise<void> => {
    const { name } = definition;
    lastId = Math.max(lastId, Number(id));
    const timer = createTimer(() => states.get(name));
    const arn = toArn(region, name);
    const findQueue = (other: string) => states.get(other);
    const state = await openQueue({ storage, id, arn, definition, now, limits, findQueue, schedule: timer.schedule });
    timers.push(timer);
    states.set(name, state);
    locals.set(name, toLocalQueue(state));
    timer.schedule();
  };

  const define = async (definition: QueueDefinition): Promise<void> => {
    const existing = states.get(definition.name);
    const id = existing?.id ?? String(lastId + 1);
    lastId = Math.max(lastId, Number(id));
    const [key, value] = [keys.queue(definition.name), JSON.stringify({ id, definition })];
    // Small, and needed by the messages that are already stored, so also on a full disk.
    if (storage.latest(key) !== value) await storage.commit([{ type: 'put', key, value }], { essential: true });
    if (existing === undefined) await open({ id, definition });
    else {
      existing.definition = definition;
      existing.nothingExpiresBefore = 0;
    }
  };

  for (const [, value] of await readRows(storage, ranges.queues, maxQueues)) await open(parseCatalogueRow(value));
  for (const definition of options.queues) await define(definition);

  const housekeeping = startHousekeeping(() => states.values());
  const context: OperationContext = { region, queues: states, define };
  return {
    execute: (operation, input, request = { endpoint: 'http://localhost' }) =>
      runOperation(context, operation, input, request),
    find: (name) => locals.get(name),
    names: () => [...states.keys()],
    deleteExpired: housekeeping.run,
    async close() {
      for (const timer of timers) timer.close();
      await housekeeping.stop();
      await storage.settled();
    },
  };
}

/** Only `define` writes these rows. */
const parseCatalogueRow = (value: string): CatalogueRow => JSON.parse(value) as CatalogueRow;
