import { toDeliveryJob } from '@posthorn/contracts';
import { type Delivery, deliveryIdOf } from '@posthorn/core';
import { createFindQueueUrl, type QueueAccess } from './queue-address.ts';
import {
  maxBatchEntries,
  type Pause,
  type QueueEntry,
  pause as realPause,
  type Sending,
  sendBatch,
} from './send-batch.ts';

/** The longest delay of a standard queue, in seconds. */
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

/** The way into both delivery queues. What is answered are the entries that the queue did not take: never dropped. */
export interface DeliveriesQueue {
  /** In any order. */
  sendStandard(entries: readonly StandardEntry[]): Promise<readonly StandardEntry[]>;
  /** In order within each group: no entry goes before an earlier one of its group that is not taken yet. */
  sendFifo(entries: readonly FifoEntry[]): Promise<readonly FifoEntry[]>;
}

export function createDeliveriesQueue(access: QueueAccess & { readonly pause?: Pause }): DeliveriesQueue {
  const findQueueUrl = createFindQueueUrl(access);
  const sendingTo = async (queue: 'deliveries' | 'deliveries.fifo'): Promise<Sending> => ({
    client: access.client,
    queueUrl: await findQueueUrl(queue),
    pause: access.pause ?? realPause,
  });
  return {
    async sendStandard(entries) {
      if (entries.length === 0) return [];
      const sending = await sendingTo('deliveries');
      const unsent = await Promise.all(inBatches(entries).map((batch) => sendAll(sending, batch, toStandardEntry)));
      return unsent.flat();
    },
    async sendFifo(entries) {
      return entries.length === 0 ? [] : sendInWaves(await sendingTo('deliveries.fifo'), entries);
    },
  };
}

/** The first entry of each group, then the second of each, …: a group whose entry is not taken is left alone from there. */
async function sendInWaves(sending: Sending, entries: readonly FifoEntry[]): Promise<readonly FifoEntry[]> {
  let groups = Object.values(Object.groupBy(entries, ({ group }) => group)).map((own) => own ?? []);
  const unsent: FifoEntry[] = [];
  while (groups.length > 0) {
    const heads = groups.flatMap((own) => own.slice(0, 1));
    const results = await Promise.all(inBatches(heads).map((batch) => sendAll(sending, batch, toFifoEntry)));
    const refused = new Set(results.flat());
    unsent.push(...groups.flatMap((own) => (own[0] && refused.has(own[0]) ? own : [])));
    groups = groups.filter((own) => own[0] && !refused.has(own[0]) && own.length > 1).map((own) => own.slice(1));
  }
  return unsent;
}

async function sendAll<Entry>(
  sending: Sending,
  batch: readonly Entry[],
  toEntry: (entry: Entry) => QueueEntry,
): Promise<readonly Entry[]> {
  const failed = new Set(await sendBatch(sending, batch.map(toEntry)));
  return batch.filter((_, index) => failed.has(index));
}

/** The application is the group of SQS's fair queueing: one busy tenant does not delay the others. */
const toStandardEntry = ({ delivery, delaySeconds = 0 }: StandardEntry): QueueEntry => ({
  MessageBody: toDeliveryJob(delivery),
  MessageGroupId: delivery.applicationId,
  ...(delaySeconds > 0 ? { DelaySeconds: Math.min(Math.ceil(delaySeconds), maxQueueDelaySeconds) } : {}),
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
