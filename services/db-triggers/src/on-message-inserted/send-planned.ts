import { type Delivery, type Failure, isPassingError, type PlannedDelivery, runTogetherOrApart } from '@posthorn/core';
import {
  type DeliveriesQueue,
  type FifoEntry,
  maxQueueDelaySeconds,
  type StandardEntry,
  type UnsentEntry,
} from '@posthorn/queues';

/**
 * Sends planned deliveries to their queues, and returns those that were not accepted. An error that one delivery causes
 * stops no other delivery, not even of its group. A passing error holds back the rest of its group.
 */
export async function sendPlanned(
  { sendStandard, sendSlow, sendFifo }: DeliveriesQueue,
  planned: readonly PlannedDelivery[],
  now: Date,
): Promise<readonly Failure<PlannedDelivery>[]> {
  const plannedOf = new Map(planned.map((one) => [one.delivery, one]));
  const entriesOf = (queue: 'standard' | 'slow') =>
    planned.flatMap((one) => (one.queue === queue ? [toEntry(one.delivery, now)] : []));
  const [standard, slow, fifo] = await Promise.all([
    runTogetherOrApart(entriesOf('standard'), async (entries) => toFailures(await sendStandard(entries))),
    runTogetherOrApart(entriesOf('slow'), async (entries) => toFailures(await sendSlow(entries))),
    runTogetherOrApart(
      planned.flatMap((one) => (one.queue === 'fifo' ? [{ delivery: one.delivery, group: one.group }] : [])),
      (entries) => sendPastRefused(sendFifo, entries),
    ),
  ]);
  return [...standard, ...slow, ...fifo].flatMap(({ entry, error }) => {
    const own = plannedOf.get(entry.delivery);
    return own ? [{ entry: own, error }] : [];
  });
}

/**
 * A delivery that is scheduled for later waits on the queue, if the queue can delay it for long enough. Otherwise it goes
 * to a worker at once, which stores it for that time.
 */
function toEntry(delivery: Delivery, now: Date): StandardEntry {
  if (delivery.notBefore === undefined) return { delivery };
  const delaySeconds = Math.ceil((delivery.notBefore.getTime() - now.getTime()) / 1000);
  return delaySeconds > 0 && delaySeconds <= maxQueueDelaySeconds ? { delivery, delaySeconds } : { delivery };
}

const toFailures = <Entry>(unsent: readonly UnsentEntry<Entry>[]): readonly Failure<Entry>[] =>
  unsent.map((entry) => ({ entry, error: entry.error }));

/** Sends the rest of a group again behind an entry that the queue refuses for good. */
async function sendPastRefused(
  sendFifo: DeliveriesQueue['sendFifo'],
  entries: readonly FifoEntry[],
): Promise<readonly Failure<FifoEntry>[]> {
  const unsent = toFailures(await sendFifo(entries));
  const groups = Object.values(Object.groupBy(unsent, ({ entry }) => entry.group)).map((own) => own ?? []);
  const isRefused = ([head]: readonly Failure<FifoEntry>[]) => head !== undefined && !isPassingError(head.error);
  const refused = groups.filter(isRefused);
  const behind = refused.flatMap((own) => own.slice(1)).map(({ entry }) => entry);
  const held = groups.filter((own) => !isRefused(own)).flat();
  const later = behind.length === 0 ? [] : await sendPastRefused(sendFifo, behind);
  return [...held, ...refused.flatMap((own) => own.slice(0, 1)), ...later];
}
