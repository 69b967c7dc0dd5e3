import { toDeliveryJob, toWakeJob } from '@posthorn/contracts';
import {
  type Counter,
  type Delivery,
  type DueDeliveryRepository,
  delaySecondsOf,
  deliveryIdOf,
  dueShards,
  dueTimeOf,
  PassingError,
  UnusableData,
  type Wake,
} from '@posthorn/core';
import { type StoreEndingDeps, storeEnding } from '@posthorn/delivering';
import type { DeliveriesQueue, ReceivedJobs, WakesQueue } from '@posthorn/queues';

/** A run releases everything that is due before the next one, with a delay to its second. */
const runEverySeconds = 60;
const pageSize = 100;

export interface ReleaseDueDeliveriesDeps extends StoreEndingDeps {
  readonly listDue: DueDeliveryRepository['listDue'];
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly deleteWakes: DueDeliveryRepository['deleteWakes'];
  readonly deleteUnreadable: DueDeliveryRepository['deleteUnreadable'];
  readonly sendStandard: DeliveriesQueue['sendStandard'];
  readonly sendWakes: WakesQueue['sendWakes'];
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  readonly counters: Counter;
}

/**
 * Moves the deliveries and wakes that are due within the next minute from the due table to their queues, shard by shard and
 * page by page, until there are none left or the time is over. The next run starts at the earliest again. A row is deleted
 * after the queue has accepted its job: after a crash between the two it is sent again, and the second job ends when the
 * worker finds the attempt, or another epoch.
 *
 * A row that cannot be read, or that the queue refuses for good, goes to the dead letters with its reason. A row that
 * fails otherwise stays in the table for the next run. Neither stops the rows and shards beside it, or those behind it.
 *
 * @throws PassingError at the end, if rows were not released that should have been, so that the run counts as failed
 */
export const createReleaseDueDeliveries =
  (deps: ReleaseDueDeliveriesDeps) =>
  async (hasTime: () => boolean): Promise<number> => {
    const shards = Array.from({ length: dueShards }, (_, shard) => releaseShard(deps, shard, hasTime));
    const results = await Promise.all(shards);
    const released = results.reduce((sum, result) => sum + result.released, 0);
    deps.counters.add('DueDeliveriesReleased', released);
    if (released > 0) deps.log.info('due_deliveries.released', { released });
    const errors = results.flatMap((result) => result.errors);
    if (errors.length > 0)
      throw new PassingError(`${errors.length} due deliveries or shards were not released`, { cause: errors[0] });
    return released;
  };

/** What a run did in one shard. */
interface ShardRun {
  released: number;
  readonly errors: unknown[];
}

async function releaseShard(deps: ReleaseDueDeliveriesDeps, shard: number, hasTime: () => boolean): Promise<ShardRun> {
  const run: ShardRun = { released: 0, errors: [] };
  try {
    let after: string | undefined;
    do after = hasTime() ? await releasePage(deps, run, { shard, after }) : undefined;
    while (after !== undefined);
  } catch (error) {
    noteFailure(deps, run, { name: `shard ${shard}`, error });
  }
  return run;
}

/** Returns where the next page begins. A row that fails is passed by, so that none behind it waits for it. */
async function releasePage(
  deps: ReleaseDueDeliveriesDeps,
  run: ShardRun,
  { shard, after }: { readonly shard: number; readonly after: string | undefined },
): Promise<string | undefined> {
  const now = deps.clock();
  const before = new Date(now.getTime() + runEverySeconds * 1000);
  const { deliveries, wakes, unreadable, next } = await deps.listDue(shard, before, pageSize, after);
  const refused = [
    ...(await sendOut(deps, run, deliveriesOut(deps, deliveries, now))),
    ...(await sendOut(deps, run, wakesOut(deps, wakes, now))),
  ];
  const setAside = unreadable.map((row) => ({
    name: row.key,
    body: row.text,
    reason: row.reason,
    remove: () => deps.deleteUnreadable([row]),
  }));
  for (const row of [...setAside, ...refused]) await setRowAside(deps, run, row);
  return next;
}

/** Rows of one kind, on their way to a queue. */
interface Outgoing<Item> {
  readonly items: readonly Item[];
  /** Returns those that were not sent. */
  readonly send: () => Promise<readonly { readonly item: Item; readonly error: unknown }[]>;
  readonly remove: (items: readonly Item[]) => Promise<void>;
  readonly nameOf: (item: Item) => string;
  readonly bodyOf: (item: Item) => string;
  /** Stores that one ended that is set aside. */
  readonly end?: (item: Item) => Promise<void>;
}

const deliveriesOut = (deps: ReleaseDueDeliveriesDeps, items: readonly Delivery[], now: Date): Outgoing<Delivery> => ({
  items,
  send: async () => {
    const entries = items.map((delivery) => ({ delivery, delaySeconds: delaySecondsOf(delivery, now) }));
    return (await deps.sendStandard(entries)).map(({ delivery, error }) => ({ item: delivery, error }));
  },
  remove: deps.deleteDue,
  nameOf,
  bodyOf: toDeliveryJob,
  end: async (delivery) => {
    if (delivery.trigger === 'manual') return;
    await storeEnding(deps, delivery, { state: 'failed', reason: 'set_aside' });
  },
});

const wakesOut = (
  { sendWakes, deleteWakes }: ReleaseDueDeliveriesDeps,
  items: readonly Wake[],
  now: Date,
): Outgoing<Wake> => ({
  items,
  send: async () => {
    const entries = items.map((wake) => ({ wake, delaySeconds: secondsUntil(wake.at, now) }));
    return (await sendWakes(entries)).map(({ wake, error }) => ({ item: wake, error }));
  },
  remove: deleteWakes,
  nameOf: nameOfWake,
  bodyOf: toWakeJob,
});

/** Sends rows and deletes those that the queue accepted. Returns those that the queue refuses for good. */
async function sendOut<Item>(
  deps: ReleaseDueDeliveriesDeps,
  run: ShardRun,
  { items, send, remove, nameOf, bodyOf, end }: Outgoing<Item>,
): Promise<readonly RowToSetAside[]> {
  if (items.length === 0) return [];
  const errors = new Map((await send()).map(({ item, error }) => [item, error]));
  const sent = items.filter((item) => !errors.has(item));
  await remove(sent);
  run.released += sent.length;
  const refused: RowToSetAside[] = [];
  for (const [item, error] of errors) {
    const name = nameOf(item);
    if (error instanceof UnusableData)
      refused.push({
        name,
        body: bodyOf(item),
        reason: error.message,
        remove: async () => {
          await end?.(item);
          await remove([item]);
        },
      });
    else noteFailure(deps, run, { name, error });
  }
  return refused;
}

interface RowToSetAside {
  readonly name: string;
  readonly body: string;
  readonly reason: string;
  readonly remove: () => Promise<void>;
}

async function setRowAside(deps: ReleaseDueDeliveriesDeps, run: ShardRun, row: RowToSetAside): Promise<void> {
  const { name, body, reason, remove } = row;
  try {
    await deps.sendToDeadLetters({ id: name, body }, reason);
    await remove();
    deps.log.error('due_delivery.set_aside', { row: name, reason });
    deps.counters.add('DeliveriesSetAside', 1);
  } catch (error) {
    noteFailure(deps, run, { name, error });
  }
}

function noteFailure(
  { log }: ReleaseDueDeliveriesDeps,
  run: ShardRun,
  { name, error }: { readonly name: string; readonly error: unknown },
): void {
  log.error('due_delivery.not_released', { row: name, error });
  run.errors.push(error);
}

/** Identifies a delivery's row of the due table within this run. */
const nameOf = (delivery: Delivery): string =>
  `${dueTimeOf(delivery).toISOString()}#${deliveryIdOf(delivery)}#${delivery.attemptNumber}`;

const nameOfWake = ({ at, endpointId, group = '', epoch }: Wake): string =>
  `${at.toISOString()}#${endpointId}#${group}#${epoch}`;

const secondsUntil = (time: Date, now: Date): number => Math.max(0, Math.ceil((time.getTime() - now.getTime()) / 1000));
