import { type Delivery, type DueDeliveryRepository, dueShards } from '@posthorn/core';
import type { Clock, Counters, Log } from '@posthorn/platform';
import type { DeliveriesQueue } from '@posthorn/queues';

/** What is due until the next run is released by this one, delayed on the queue to its second. */
const runEverySeconds = 60;
const pageSize = 100;

export interface ReleaseDueDeliveriesDeps {
  readonly listDue: DueDeliveryRepository['listDue'];
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly sendStandard: DeliveriesQueue['sendStandard'];
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Pick<Counters, 'add'>;
}

/**
 * Moves deliveries that are due within the next minute from the due table to the queue, shard by shard, until none is
 * left or the time is over; the next run goes on from there. A row is deleted after the queue has taken it: a crash
 * between the two sends it twice, and the second job ends at the worker's look at the attempts.
 */
export const createReleaseDueDeliveries =
  (deps: ReleaseDueDeliveriesDeps) =>
  async (hasTime: () => boolean): Promise<number> => {
    const shards = Array.from({ length: dueShards }, (_, shard) => releaseShard(deps, shard, hasTime));
    const released = (await Promise.all(shards)).reduce((sum, count) => sum + count, 0);
    deps.counters.add('DueDeliveriesReleased', released);
    if (released > 0) deps.log.info('due_deliveries.released', { released });
    return released;
  };

async function releaseShard(deps: ReleaseDueDeliveriesDeps, shard: number, hasTime: () => boolean): Promise<number> {
  let released = 0;
  while (hasTime()) {
    const now = deps.clock();
    const due = await deps.listDue(shard, new Date(now.getTime() + runEverySeconds * 1000), pageSize);
    const sent = await sendToQueue(deps, due, now);
    await deps.deleteDue(sent);
    released += sent.length;
    if (sent.length < due.length) throw new Error(`the queue did not take ${due.length - sent.length} due deliveries`);
    if (due.length < pageSize) break;
  }
  return released;
}

async function sendToQueue(
  { sendStandard }: ReleaseDueDeliveriesDeps,
  due: readonly Delivery[],
  now: Date,
): Promise<readonly Delivery[]> {
  const entries = due.map((delivery) => ({ delivery, delaySeconds: secondsUntil(delivery.scheduledAt, now) }));
  const unsent = new Set((await sendStandard(entries)).map(({ delivery }) => delivery));
  return due.filter((delivery) => !unsent.has(delivery));
}

const secondsUntil = (time: Date, now: Date): number => Math.max(0, Math.ceil((time.getTime() - now.getTime()) / 1000));
