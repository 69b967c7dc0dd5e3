import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Faults } from '../faults/fault-plan.ts';
import type { Invoke, Log, QueueMapping, RunningMapping } from '../mapping.ts';
import { backoffMs, describeError, pause, waitAtMost } from '../pause.ts';
import { handleQueueBatch, isFifo } from './handle-queue-batch.ts';
import { openQueue, type QueueClient } from './queue-client.ts';
import { createQueueFilter } from './queue-filter.ts';
import type { QueueMessage } from './queue-record.ts';
import { measureTurn, startPauseMs } from './start-pause.ts';
import { groupsOf, takeQueueBatch } from './take-queue-batch.ts';

/**
 * Short, because the local SQS can give messages to the long poll of a process that was killed. They then stay hidden
 * for their visibility timeout.
 */
const longPollSeconds = 1;
/** A receive that has found messages is answered by then. Ended earlier, they would stay hidden. */
const endReceiveAfterMs = 100;
const receiveBackoff = { firstMs: 200, longestMs: 5_000 };

export interface QueueMappingDeps {
  readonly sqs: SQSClient;
  readonly invoke: Invoke;
  readonly faults: Faults;
  readonly log: Log;
  /** How long a turn of the event loop takes now, in milliseconds. Default: it is measured. */
  readonly turnMs?: () => Promise<number>;
}

/** Runs the `sqs` event of a function as Lambda does, until it is stopped. It waits until the queue exists. */
export function runQueueMapping(mapping: QueueMapping, deps: QueueMappingDeps): RunningMapping {
  const [stopping, receiving] = [new AbortController(), new AbortController()];
  const run = pollQueue(mapping, deps, { stop: stopping.signal, endReceive: receiving.signal });
  return {
    async stop(graceMs) {
      stopping.abort();
      const timer = setTimeout(() => receiving.abort(), endReceiveAfterMs);
      await waitAtMost(graceMs, run);
      clearTimeout(timer);
    },
  };
}

interface Signals {
  readonly stop: AbortSignal;
  /** Ends a receive that waits for a message. */
  readonly endReceive: AbortSignal;
}

async function pollQueue(mapping: QueueMapping, deps: QueueMappingDeps, signals: Signals): Promise<void> {
  const { stop: signal } = signals;
  const tolerate = createTolerance(mapping, deps.log, signal);
  const queue = await tolerate.until(() => openQueue(deps.sqs, mapping.queueName));
  if (queue === undefined) return;
  const dispatcher = createDispatcher(mapping, queue, { ...deps, signal });
  const receive = createReceiver(mapping, queue, signals);
  const accepts = createQueueFilter(mapping.filterPatterns);
  const { turnMs = measureTurn } = deps;
  while (!signal.aborted) {
    await dispatcher.ready();
    if (dispatcher.isRunning()) await pause(startPauseMs(await turnMs()), signal);
    const messages = await tolerate.once(receive);
    const unwanted = messages?.filter((message) => !accepts(message)) ?? [];
    if (unwanted.length > 0) await tolerate.once(() => queue.remove(unwanted));
    dispatcher.accept(messages?.filter(accepts) ?? []);
  }
  await dispatcher.finish();
}

/**
 * Repeats work that fails after a pause, and logs only the first failure in a row. The mapping never ends because of a
 * failure.
 */
function createTolerance({ functionKey, queueName }: QueueMapping, log: Log, signal: AbortSignal) {
  let failures = 0;
  async function once<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work();
      failures = 0;
      return result;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (failures === 0) log(`${functionKey}: queue ${queueName}: ${describeError(error)}; trying again`);
      await pause(backoffMs(failures, receiveBackoff), signal);
      failures += 1;
      return undefined;
    }
  }
  async function until<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    let result = await once(work);
    while (result === undefined && !signal.aborted) result = await once(work);
    return result;
  }
  return { once, until };
}

/**
 * Receives messages for one batch. Without a window it takes what is there. With a window it waits until the batch is
 * full or the window ends. On a FIFO queue it asks again without waiting, because one response may not contain all
 * groups.
 */
function createReceiver(mapping: QueueMapping, queue: QueueClient, { stop: signal, endReceive }: Signals) {
  const windowMs = isFifo(mapping) ? 0 : mapping.windowSeconds * 1000;
  return async (): Promise<readonly QueueMessage[]> => {
    const messages = [...(await queue.receive(mapping.batchSize, longPollSeconds, endReceive))];
    const deadline = performance.now() + windowMs;
    while (messages.length > 0 && messages.length < mapping.batchSize && !signal.aborted) {
      const isOpen = performance.now() < deadline;
      if (!isOpen && !isFifo(mapping)) break;
      const receiving = queue.receive(mapping.batchSize - messages.length, isOpen ? longPollSeconds : 0, endReceive);
      // The messages that were received are handled. A problem of the queue appears again with the next receive.
      const more = await receiving.catch(() => []);
      if (more.length === 0 && !isOpen) break;
      messages.push(...more);
    }
    return messages;
  };
}

interface Held {
  readonly message: QueueMessage;
  /** End of its visibility timeout. After that, another receiver may get the message. */
  readonly until: number;
}

/**
 * Invokes the function with batches, up to the concurrency limit. Batches of one FIFO group run one after the other.
 */
function createDispatcher(
  mapping: QueueMapping,
  queue: QueueClient,
  { signal, ...deps }: QueueMappingDeps & { readonly signal: AbortSignal },
) {
  const busyGroups = new Set<string>();
  const running = new Set<Promise<void>>();
  let held: readonly Held[] = [];

  const dispatch = (): void => {
    held = held.filter(({ until }) => until > performance.now());
    while (running.size < mapping.maximumConcurrency && !signal.aborted) {
      const rules = { batchSize: mapping.batchSize, fifo: isFifo(mapping), busyGroups };
      const { batch, rest } = takeQueueBatch(
        held.map(({ message }) => message),
        rules,
      );
      if (batch.length === 0) return;
      const staying = new Set(rest);
      held = held.filter(({ message }) => staying.has(message));
      start(batch);
    }
  };

  const start = (batch: readonly QueueMessage[]): void => {
    const groups = isFifo(mapping) ? groupsOf(batch) : [];
    for (const group of groups) busyGroups.add(group);
    const work = handleQueueBatch(isFifo(mapping) ? batch : deps.faults.reorder(batch), { ...deps, mapping, queue })
      .catch((error: unknown) =>
        deps.log(`${mapping.functionKey}: could not delete handled messages: ${describeError(error)}`),
      )
      .then(() => {
        for (const group of groups) busyGroups.delete(group);
        running.delete(work);
        dispatch();
      });
    running.add(work);
  };

  return {
    accept(messages: readonly QueueMessage[]): void {
      const until = performance.now() + queue.visibilityTimeoutMs;
      held = [...held, ...messages.map((message) => ({ message, until }))];
      dispatch();
    },
    /** Whether a batch runs. */
    isRunning: () => running.size > 0,
    /** Resolves when another batch can start, or when the signal aborts. */
    async ready(): Promise<void> {
      while (!signal.aborted && (running.size >= mapping.maximumConcurrency || held.length >= mapping.batchSize)) {
        await Promise.race(running);
      }
    },
    /** Releases the messages that were not started, and waits for the rest. */
    async finish(): Promise<void> {
      const unbegun = held.map(({ message }) => message);
      held = [];
      await Promise.all([queue.release(unbegun), ...running]);
    },
  };
}
