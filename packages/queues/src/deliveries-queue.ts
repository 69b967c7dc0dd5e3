import { toCommandJob, toDeliveryJob, toSweepJob, toWakeJob } from '@posthorn/contracts';
import {
  commandIdOf,
  type Delivery,
  deliveryIdOf,
  type GroupCommand,
  type GroupsSweep,
  type Wake,
  wakeIdOf,
} from '@posthorn/core';
import { createFindQueueUrl, type QueueAccess } from './queue-address.ts';
import {
  maxBatchEntries,
  type Pause,
  type QueueEntry,
  pause as realPause,
  type Sending,
  sendBatch,
} from './send-batch.ts';

/** The longest delay on a standard queue, in seconds. */
export const maxQueueDelaySeconds = 900;

export interface StandardEntry {
  readonly delivery: Delivery;
  /** 0 to 900; none when absent. */
  readonly delaySeconds?: number;
}

export interface FifoEntry {
  readonly delivery: Delivery;
  readonly group: string;
}

export interface WakeEntry {
  readonly wake: Wake;
  /** 0 to 900; none when absent. */
  readonly delaySeconds?: number;
}

/** An entry that was not sent, and why. An entry that the queue refuses for good has an `UnusableData` as its error. */
export type UnsentEntry<Entry> = Entry & { readonly error: unknown };

/** Sends deliveries to their queues. The functions return the entries that were not sent. They throw for none of them. */
export interface DeliveriesQueue {
  /** Sends in any order. */
  sendStandard(entries: readonly StandardEntry[]): Promise<readonly UnsentEntry<StandardEntry>[]>;
  /** The same, to the queue of slow endpoints. */
  sendSlow(entries: readonly StandardEntry[]): Promise<readonly UnsentEntry<StandardEntry>[]>;
  /** Sends each group in order: an entry that is not sent holds back the later entries of its group. */
  sendFifo(entries: readonly FifoEntry[]): Promise<readonly UnsentEntry<FifoEntry>[]>;
}

/** Sends wakes to the queues of deliveries. */
export interface WakesQueue {
  /**
   * Returns the entries that were not sent, and throws for none. A wake of a group without a delay goes to the FIFO queue,
   * into its group, once within five minutes. All others go to the standard queue, because only that one can delay a job:
   * its worker forwards a wake of a group.
   */
  sendWakes(entries: readonly WakeEntry[]): Promise<readonly UnsentEntry<WakeEntry>[]>;
}

export interface CommandEntry {
  readonly command: GroupCommand;
}

/** Sends commands into their groups, on the FIFO queue. Returns those that were not sent, and throws for none. */
export interface CommandsQueue {
  sendCommands(entries: readonly CommandEntry[]): Promise<readonly UnsentEntry<CommandEntry>[]>;
  /**
   * Sends a sweep, or its next page, to the standard queue, with a delay of 0 to 900 seconds. Throws if the queue does not
   * accept it.
   */
  sendSweep(sweep: GroupsSweep, delaySeconds?: number): Promise<void>;
}

export function createDeliveriesQueue(
  access: QueueAccess & { readonly pause?: Pause },
): DeliveriesQueue & WakesQueue & CommandsQueue {
  const findQueueUrl = createFindQueueUrl(access);
  const sendingTo = (queue: 'deliveries' | 'deliveries-slow' | 'deliveries.fifo'): Sending => ({
    client: access.client,
    findQueueUrl: () => findQueueUrl(queue),
    pause: access.pause ?? realPause,
  });
  const sendUnordered = async (sending: Sending, entries: readonly StandardEntry[]) => {
    const unsent = await Promise.all(inBatches(entries).map((batch) => sendAll(sending, batch, toStandardEntry)));
    return unsent.flat();
  };
  return {
    sendStandard: (entries) => sendUnordered(sendingTo('deliveries'), entries),
    sendSlow: (entries) => sendUnordered(sendingTo('deliveries-slow'), entries),
    sendFifo: (entries) => sendInWaves(sendingTo('deliveries.fifo'), entries),
    async sendSweep(sweep, delaySeconds) {
      const entry = {
        MessageBody: toSweepJob(sweep),
        MessageGroupId: sweep.applicationId,
        ...toDelay(delaySeconds),
      };
      const unsent = await sendBatch(sendingTo('deliveries'), [entry]);
      if (unsent.has(0)) throw unsent.get(0);
    },
    async sendCommands(entries) {
      const sending = sendingTo('deliveries.fifo');
      const unsent = await Promise.all(inBatches(entries).map((batch) => sendAll(sending, batch, toCommandEntry)));
      return unsent.flat();
    },
    async sendWakes(entries) {
      const sendBatches = (queue: 'deliveries' | 'deliveries.fifo', own: readonly WakeEntry[]) =>
        inBatches(own).map((batch) =>
          sendAll(sendingTo(queue), batch, queue === 'deliveries' ? toDelayedWakeEntry : toGroupWakeEntry),
        );
      const { ordered = [], delayed = [] } = Object.groupBy(entries, ({ wake: { group }, delaySeconds = 0 }) =>
        group !== undefined && delaySeconds === 0 ? 'ordered' : 'delayed',
      );
      const unsent = await Promise.all([
        ...sendBatches('deliveries.fifo', ordered),
        ...sendBatches('deliveries', delayed),
      ]);
      return unsent.flat();
    },
  };
}

/** Sends the first entry of each group, then the second of each, and so on. A group stops at an entry that is not sent. */
async function sendInWaves(
  sending: Sending,
  entries: readonly FifoEntry[],
): Promise<readonly UnsentEntry<FifoEntry>[]> {
  let groups = Object.values(Object.groupBy(entries, ({ group }) => group)).map((own) => own ?? []);
  const unsent: UnsentEntry<FifoEntry>[] = [];
  while (groups.length > 0) {
    const heads = groups.flatMap((own) => own.slice(0, 1));
    const results = await Promise.all(inBatches(heads).map((batch) => sendAll(sending, batch, toFifoEntry)));
    const errors = new Map(results.flat().map(({ group, error }) => [group, error]));
    const stops = (own: readonly FifoEntry[]) => own[0] !== undefined && errors.has(own[0].group);
    unsent.push(
      ...groups.filter(stops).flatMap((own) => own.map((entry) => ({ ...entry, error: errors.get(entry.group) }))),
    );
    groups = groups.filter((own) => !stops(own) && own.length > 1).map((own) => own.slice(1));
  }
  return unsent;
}

async function sendAll<Entry>(
  sending: Sending,
  batch: readonly Entry[],
  toEntry: (entry: Entry) => QueueEntry,
): Promise<readonly UnsentEntry<Entry>[]> {
  const unsent = await sendBatch(sending, batch.map(toEntry));
  return batch.flatMap((entry, index) => (unsent.has(index) ? [{ ...entry, error: unsent.get(index) }] : []));
}

/** The group is the application, for SQS's fair queueing: one busy application does not delay the others. */
const toStandardEntry = ({ delivery, delaySeconds }: StandardEntry): QueueEntry => ({
  MessageBody: toDeliveryJob(delivery),
  MessageGroupId: delivery.applicationId,
  ...toDelay(delaySeconds),
});

const toDelayedWakeEntry = ({ wake, delaySeconds }: WakeEntry): QueueEntry => ({
  MessageBody: toWakeJob(wake),
  MessageGroupId: wake.applicationId,
  ...toDelay(delaySeconds),
});

const toDelay = (seconds = 0): Pick<QueueEntry, 'DelaySeconds'> =>
  seconds > 0 ? { DelaySeconds: Math.min(Math.ceil(seconds), maxQueueDelaySeconds) } : {};

const toGroupWakeEntry = ({ wake }: WakeEntry): QueueEntry => ({
  MessageBody: toWakeJob(wake),
  MessageGroupId: wake.group,
  MessageDeduplicationId: wakeIdOf(wake),
});

const toCommandEntry = ({ command }: CommandEntry): QueueEntry => ({
  MessageBody: toCommandJob(command),
  MessageGroupId: command.group,
  MessageDeduplicationId: commandIdOf(command),
});

const toFifoEntry = ({ delivery, group }: FifoEntry): QueueEntry => ({
  MessageBody: toDeliveryJob(delivery),
  MessageGroupId: group,
  MessageDeduplicationId: deliveryIdOf(delivery),
});

const inBatches = <Entry>(entries: readonly Entry[]): readonly (readonly Entry[])[] =>
  Array.from({ length: Math.ceil(entries.length / maxBatchEntries) }, (_, index) =>
    entries.slice(index * maxBatchEntries, (index + 1) * maxBatchEntries),
  );
