import {
  type CancelReason,
  type Clock,
  type Counter,
  type DeliveryRepository,
  type DueDeliveryRepository,
  dueTimeOf,
  type Endpoint,
  type Log,
  type StoredDelivery,
  type Wake,
} from '@posthorn/core';
import { noteCanceled } from '@posthorn/delivering';
import { maxQueueDelaySeconds } from '@posthorn/queues';

export interface CancelWaitingDeps {
  readonly listDeliveries: DeliveryRepository['list'];
  readonly moveOn: DeliveryRepository['moveOn'];
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly insertWake: DueDeliveryRepository['insertWake'];
  /** Stores the wake, and sends it through the queue too, so that it comes at once. */
  readonly planWake: (wake: Wake) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counter;
}

/** Of each state. So a wake takes about a second, and no other job of its batch waits long for it. */
const maxCanceled = 500;
const canceledTogether = 50;
const lookAgainMs = 60_000;

/**
 * Ends deliveries that wait for an endpoint that was disabled or deleted: they are stored as canceled, with the reason. If
 * it was deleted, all of them end, except parked ones: those end when their groups are swept. If it was disabled, those
 * end that are held. The others stay: what is due while it is disabled is canceled by its worker, and the groups of a
 * destination wait until it is enabled.
 *
 * The next wake is stored before anything is done. It goes on at once if more is left, and otherwise looks again a minute
 * later, at what the index did not show yet. When there is nothing, it was the last one.
 */
export async function cancelWaiting(
  deps: CancelWaitingDeps,
  wake: Wake,
  endpoint: Endpoint | undefined,
): Promise<void> {
  const states = endpoint ? (['held'] as const) : (['held', 'planned'] as const);
  const pages = await Promise.all(
    states.map((state) =>
      deps.listDeliveries(wake.endpointId, { state, limit: maxCanceled, direction: 'forward' }, deps.clock()),
    ),
  );
  const found = pages.flatMap(({ items }) => items);
  const isComplete = pages.every(({ done }) => done);
  if (found.length === 0 && isComplete && wake.slice > 0) return;
  await planNext(deps, wake, isComplete);
  const reason = endpoint ? 'endpoint_disabled' : 'endpoint_deleted';
  for (let start = 0; start < found.length; start += canceledTogether)
    await cancel(deps, found.slice(start, start + canceledTogether), reason);
  const { endpointId } = wake;
  if (found.length > 0)
    deps.log.info('endpoint.waiting_deliveries_canceled', { endpointId, reason, count: found.length, isComplete });
}

async function planNext({ insertWake, planWake, clock }: CancelWaitingDeps, wake: Wake, isComplete: boolean) {
  const next = { ...wake, slice: wake.slice + 1 };
  if (!isComplete) return planWake({ ...next, at: clock() });
  return insertWake({ ...next, at: new Date(clock().getTime() + lookAgainMs) });
}

/** A delivery that another worker has taken further is left alone. */
async function cancel(
  deps: CancelWaitingDeps,
  waiting: readonly StoredDelivery[],
  reason: CancelReason,
): Promise<void> {
  const { moveOn, deleteDue, clock } = deps;
  const since = clock();
  const results = await Promise.all(
    waiting.map(async (stored) => ({
      stored,
      result: await moveOn(stored, { state: 'canceled', reason, delivery: stored.delivery, since }),
    })),
  );
  const canceled = results.flatMap(({ stored, result }) => (result === 'stored' ? [stored] : []));
  for (const { delivery } of canceled) noteCanceled(deps, delivery, reason);
  const due = canceled.filter(mayBeInDueTable).map(({ delivery }) => delivery);
  if (due.length > 0) await deleteDue(due);
}

/** A shorter wait is on the queue: its job finds that the delivery has ended. */
const mayBeInDueTable = ({ state, delivery, since }: StoredDelivery): boolean =>
  state === 'planned' && dueTimeOf(delivery).getTime() - since.getTime() > maxQueueDelaySeconds * 1000;
