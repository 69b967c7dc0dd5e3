import { toDeliveryJob } from '@posthorn/contracts';
import {
  type Clock,
  type Counter,
  type Delivery,
  type DueDeliveryRepository,
  deliveryIdOf,
  dueShards,
  dueTimeOf,
  type Log,
  PassingError,
  UnusableData,
} from '@posthorn/core';
import type { DeliveriesQueue, ReceivedJobs } from '@posthorn/queues';

/** A run releases everything that is due before the next one, with a delay to its second. */
const runEverySeconds = 60;
const pageSize = 100;

export interface ReleaseDueDeliveriesDeps {
  readonly listDue: DueDeliveryRepository['listDue'];
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly deleteUnreadable: DueDeliveryRepository['deleteUnreadable'];
  readonly sendStandard: DeliveriesQueue['sendStandard'];
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counter;
}

/**
 * Moves the deliveries that are due within the next minute from the due table to the queue, shard by shard, until there
 * are none left or the time is over. The next run continues there. A row is deleted after the queue has accepted its
 * delivery: after a crash between the two it is sent again, and the second job ends when the worker finds the attempt.
 *
 * A row that cannot be read, or that the queue refuses for good, goes to the dead letters with its reason. A row that
 * fails otherwise stays in the table for the next run. Neither stops the rows and shards beside it.
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
  /** Rows that failed in this run: they are listed again with the next page, and are not tried again. */
  readonly failed: Set<string>;
}

async function releaseShard(deps: ReleaseDueDeliveriesDeps, shard: number, hasTime: () => boolean): Promise<ShardRun> {
  const run: ShardRun = { released: 0, errors: [], failed: new Set() };
  try {
    while (hasTime() && (await releasePage(deps, shard, run)) === 'more');
  } catch (error) {
    noteFailure(deps, run, { name: `shard ${shard}`, error });
  }
  return run;
}

/** Returns `more` if there may be rows behind the page that this run has not tried yet. */
async function releasePage(deps: ReleaseDueDeliveriesDeps, shard: number, run: ShardRun): Promise<'more' | 'end'> {
  const now = deps.clock();
  const page = await deps.listDue(shard, new Date(now.getTime() + runEverySeconds * 1000), pageSize);
  const deliveries = page.deliveries.filter((delivery) => !run.failed.has(nameOf(delivery)));
  const unreadable = page.unreadable.filter(({ key }) => !run.failed.has(key));
  const refused = await sendToQueue(deps, { deliveries, now, run });
  const setAside = [
    ...unreadable.map((row) => ({
      name: row.key,
      body: row.text,
      reason: row.reason,
      remove: () => deps.deleteUnreadable([row]),
    })),
    ...refused.map(({ delivery, reason }) => ({
      name: nameOf(delivery),
      body: toDeliveryJob(delivery),
      reason,
      remove: () => deps.deleteDue([delivery]),
    })),
  ];
  for (const row of setAside) await setRowAside(deps, run, row);
  const isFull = page.deliveries.length + page.unreadable.length === pageSize;
  return isFull && deliveries.length + unreadable.length > 0 ? 'more' : 'end';
}

interface Refused {
  readonly delivery: Delivery;
  readonly reason: string;
}

/** Returns the deliveries that the queue refuses for good. */
async function sendToQueue(
  deps: ReleaseDueDeliveriesDeps,
  { deliveries, now, run }: { readonly deliveries: readonly Delivery[]; readonly now: Date; readonly run: ShardRun },
): Promise<readonly Refused[]> {
  const entries = deliveries.map((delivery) => ({ delivery, delaySeconds: secondsUntil(dueTimeOf(delivery), now) }));
  const errors = new Map((await deps.sendStandard(entries)).map(({ delivery, error }) => [delivery, error]));
  const sent = deliveries.filter((delivery) => !errors.has(delivery));
  await deps.deleteDue(sent);
  run.released += sent.length;
  const refused: Refused[] = [];
  for (const [delivery, error] of errors) {
    if (error instanceof UnusableData) refused.push({ delivery, reason: error.message });
    else noteFailure(deps, run, { name: nameOf(delivery), error });
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
  run.failed.add(name);
}

/** Identifies a row of the due table within this run. */
const nameOf = (delivery: Delivery): string =>
  `${dueTimeOf(delivery).toISOString()}#${deliveryIdOf(delivery)}#${delivery.attemptNumber}`;

const secondsUntil = (time: Date, now: Date): number => Math.max(0, Math.ceil((time.getTime() - now.getTime()) / 1000));
