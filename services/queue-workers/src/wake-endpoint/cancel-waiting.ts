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
import { maxQueueDelaySeconds, type WakesQueue } from '@posthorn/queues';

export interface CancelWaitingDeps {
  readonly listDeliveries: DeliveryRepository['list'];
  readonly moveOn: DeliveryRepository['moveOn'];
  readonly deleteDue: DueDeliveryRepository['delete'];
  readonly insertWake: DueDeliveryRepository['insertWake'];
  readonly sendWakes: WakesQueue['sendWakes'];
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
 * If more is left, the next wake goes on at once. Otherwise it looks again a minute later, at what the index did not show
 * yet. When there is nothing, it was the last one. The next wake comes after all else: if this worker dies before, its own
 * wake comes back, and if the next one found the same deliveries again, wakes would multiply.
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
  const reason = endpoint ? 'endpoint_disabled' : 'endpoint_deleted';
  for (let start = 0; start < found.length; start += canceledTogether)
    await cancel(deps, found.slice(start, start + canceledTogether), reason);
  const { endpointId } = wake;
  if (found.length > 0)
    deps.log.info('endpoint.waiting_deliveries_canceled', { endpointId, reason, count: found.length, isComplete });
  if (isComplete) await lookAgain(deps, wake);
  else await goOn(deps, wake);
}

async function lookAgain({ insertWake, clock }: CancelWaitingDeps, wake: Wake): Promise<void> {
  await insertWake({ ...wake, slice: wake.slice + 1, at: new Date(clock().getTime() + lookAgainMs) });
}

/** Through the queue alone: the due table would send a copy of it, and each copy goes through all that is left. */
async function goOn({ sendWakes, clock }: CancelWaitingDeps, wake: Wake): Promise<void> {
  const [unsent] = await sendWakes([{ wake: { ...wake, slice: wake.slice + 1, at: clock() } }]);
  if (unsent) throw unsent.error;
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
