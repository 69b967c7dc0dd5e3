import type { Faults, Log, QueueMapping, RunningMapping } from '@posthorn/local-event-sources';
import {
  describeError,
  handleQueueBatch,
  pause,
  type QueueMessage,
  toQueueMessage,
  waitAtMost,
} from '@posthorn/local-event-sources';
import type { LocalQueue, TakenMessage } from '@posthorn/local-queues';
import type { Invoke } from '../functions/invoker.ts';
import type { Owner, Shares } from './shares.ts';
import type { StartingJobs } from './starting-jobs.ts';

export interface LocalQueueDeps {
  readonly queue: LocalQueue;
  readonly invoke: Invoke;
  readonly shares: Shares;
  readonly starting: StartingJobs;
  /** Whether what a job leads to can be stored. If not, no job starts. Those in flight still end. */
  readonly mayStart: () => boolean;
  /** The owner of a job, from its text. */
  readonly ownerOf: (body: string) => Owner;
  readonly faults: Faults;
  readonly log: Log;
  readonly region: string;
}

/** A pause after the queue could not be read, such as while the store is full. */
const failedPauseMs = 500;
/** How often to look again whether jobs may start. */
const notNowPauseMs = 250;

/**
 * Runs the `queue` event of a function over a queue in this process, until it is stopped. Unlike Lambda, each job has an
 * invocation of its own, so that no job waits for another one's endpoint: docs/adr/0030.
 */
export function runLocalQueue(mapping: QueueMapping, deps: LocalQueueDeps): RunningMapping {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const work = takeJobs(mapping, { ...deps, running, signal: stopping.signal });
  return {
    async stop(graceMs) {
      stopping.abort();
      // A take that is under way may still start jobs.
      await waitAtMost(
        graceMs,
        work.then(() => Promise.all(running)),
      );
    },
  };
}

interface Taking extends LocalQueueDeps {
  readonly running: Set<Promise<void>>;
  readonly signal: AbortSignal;
}

async function takeJobs(mapping: QueueMapping, deps: Taking): Promise<void> {
  const { queue, shares, starting, mayStart, faults, signal, log } = deps;
  const wake = createWake(signal);
  while (!signal.aborted) {
    if (!mayStart()) {
      await pause(notNowPauseMs, signal);
      continue;
    }
    const room = Math.min(mapping.maximumConcurrency, shares.room(), starting.room());
    try {
      const taken = room > 0 ? await takeOwned(room, deps) : [];
      for (const job of queue.isFifo ? taken : faults.reorder(taken)) startJob(mapping, job, deps, wake.now);
      if (taken.length > 0) continue;
    } catch (error) {
      log(`${mapping.functionKey}: queue ${queue.name}: ${describeError(error)}; trying again`);
      await pause(failedPauseMs, signal);
      continue;
    }
    // Without room, only a job that ends makes the next take possible.
    if (room > 0) wake.on(queue);
    await wake.next(starting.nextMs());
  }
}

interface OwnedJob {
  readonly message: TakenMessage;
  readonly owner: Owner;
}

/**
 * Takes jobs whose owners have room, and on a FIFO queue one job of a group. Their shares are counted at once, since later
 * jobs of one take see them.
 */
async function takeOwned(room: number, { queue, shares, starting, ownerOf }: Taking): Promise<readonly OwnedJob[]> {
  const reserved: (() => void)[] = [];
  const groups = new Set<string | undefined>();
  const owners = new Map<string, Owner>();
  try {
    const messages = await queue.take(room, ({ body, groupId }) => {
      const owner = ownerOf(body);
      if (!shares.mayStart(owner) || !starting.mayStart(owner.application)) return false;
      if (queue.isFifo && groups.has(groupId)) return false;
      groups.add(groupId);
      owners.set(body, owner);
      shares.start(owner);
      reserved.push(starting.start(owner.application), () => shares.end(owner));
      return true;
    });
    return messages.map((message) => ({ message, owner: owners.get(message.body) ?? ownerOf(message.body) }));
  } finally {
    // What was taken is counted again when it starts, in the same turn of the event loop.
    for (const end of reserved) end();
  }
}

function startJob(mapping: QueueMapping, { message, owner }: OwnedJob, deps: Taking, onEnd: () => void): void {
  const { queue, shares, starting, running, invoke, faults, log } = deps;
  shares.start(owner);
  const ended = starting.start(owner.application);
  const work = handleQueueBatch([toRecord(message, queue, deps.region)], {
    mapping,
    queue: { remove: (messages) => queue.remove(messages.map(({ receiptHandle }) => receiptHandle)) },
    invoke,
    faults,
    log,
  })
    .catch((error: unknown) => log(`${mapping.functionKey}: could not delete a handled job: ${describeError(error)}`))
    .then(() => {
      ended();
      shares.end(owner);
      running.delete(work);
      onEnd();
    });
  running.add(work);
}

/** The job as the SDK would receive it, converted to a record of Lambda's SQS event, without an MD5 of the body. */
const toRecord = (message: TakenMessage, { arn }: LocalQueue, region: string): QueueMessage =>
  toQueueMessage(
    {
      MessageId: message.messageId,
      ReceiptHandle: message.receiptHandle,
      Body: message.body,
      Attributes: message.attributes,
      MessageAttributes: message.messageAttributes,
    },
    { arn, region },
  );

/** Wakes the loop when a job has ended, the queue has changed, or some time has passed. */
function createWake(signal: AbortSignal) {
  let next = Promise.withResolvers<void>();
  let isListening = false;
  const now = () => next.resolve();
  signal.addEventListener('abort', now, { once: true });
  return {
    now,
    /** Listens for the next change of the queue, unless it does already. */
    on(queue: LocalQueue): void {
      if (isListening) return;
      isListening = true;
      void queue.changed(signal).then(() => {
        isListening = false;
        now();
      });
    },
    async next(atMostMs: number | undefined): Promise<void> {
      if (signal.aborted) return;
      const timer = atMostMs === undefined ? undefined : setTimeout(now, atMostMs);
      await next.promise;
      clearTimeout(timer);
      next = Promise.withResolvers<void>();
    },
  };
}
