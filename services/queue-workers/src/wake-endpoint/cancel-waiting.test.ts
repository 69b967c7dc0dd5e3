import { type Delivery, dueTimeOf, type StoredDelivery, type Wake } from '@posthorn/core';
import {
  aDelivery,
  anEndpoint,
  aStoredDelivery,
  aWake,
  ids,
  inMemoryDeliveries,
  inMemoryDueDeliveries,
  nthId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { type CancelWaitingDeps, cancelWaiting } from './cancel-waiting.ts';

const now = secondsLater(100);
const at = (n: number, overrides: Partial<Delivery> = {}) => ({ messageId: nthId('message', n), ...overrides });
const planned = (n: number, waitSeconds: number) =>
  aStoredDelivery(
    { state: 'planned', reason: 'retry' },
    at(n, { attemptNumber: 3, scheduledAt: secondsLater(waitSeconds) }),
    { since: startOfTests },
  );
const held = (n: number) => aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }, at(n));
const parked = (n: number) =>
  aStoredDelivery({ state: 'parked', reason: 'behind' }, at(n), {
    place: { group: 'ep_1#a', sequence: String(n).padStart(20, '0') },
  });
const failed = (n: number) => aStoredDelivery({ state: 'failed', reason: 'exhausted' }, at(n, { attemptNumber: 8 }));

async function aWorld(stored: readonly StoredDelivery[], overrides: Partial<CancelWaitingDeps> = {}) {
  const deliveries = inMemoryDeliveries();
  const due = inMemoryDueDeliveries();
  for (const one of stored) {
    await deliveries.put(one);
    if (dueTimeOf(one.delivery) > secondsLater(900)) await due.insert(one.delivery);
  }
  const atOnce: Wake[] = [];
  const logged: unknown[] = [];
  const canceled: unknown[] = [];
  const counted: string[] = [];
  const log = {
    info: (...line: unknown[]) => void logged.push(line),
    warn: (...line: unknown[]) => void canceled.push(line),
    error: () => undefined,
  };
  const deps: CancelWaitingDeps = {
    listDeliveries: deliveries.list,
    moveOn: deliveries.moveOn,
    deleteDue: due.delete,
    insertWake: due.insertWake,
    sendWakes: async (entries) => {
      atOnce.push(...entries.map(({ wake }) => wake));
      return [];
    },
    clock: () => now,
    log,
    counters: { add: (name) => void counted.push(name) },
    ...overrides,
  };
  const statesOf = () =>
    Object.groupBy(deliveries.all(), ({ state, reason }) => `${state} ${reason}`) as Record<string, StoredDelivery[]>;
  const counts = () => Object.fromEntries(Object.entries(statesOf()).map(([state, all]) => [state, all.length]));
  return {
    deps,
    deliveries,
    due,
    atOnce,
    logged,
    canceled,
    counted,
    counts,
    cancel: (wake: Wake) => cancelWaiting(deps, wake, undefined),
  };
}

describe('what waits for a deleted endpoint', () => {
  it('is canceled with the reason if it is planned or held, and what is parked or has ended stays', async () => {
    const elsewhere = aStoredDelivery(
      { state: 'held', reason: 'endpoint-failing' },
      { endpointId: nthId('endpoint', 1) },
    );
    const { cancel, counts, deliveries, logged, canceled, counted } = await aWorld([
      planned(1, 60),
      planned(2, 7_200),
      held(3),
      parked(4),
      parked(5),
      failed(6),
      elsewhere,
    ]);
    await cancel(aWake({ epoch: 0 }));
    expect(counts()).toEqual({
      'canceled endpoint_deleted': 3,
      'failed exhausted': 1,
      'held endpoint-failing': 1,
      'parked behind': 2,
    });
    expect(await deliveries.find({ endpointId: ids.endpoint, messageId: nthId('message', 2) })).toEqual({
      ...planned(2, 7_200),
      state: 'canceled',
      reason: 'endpoint_deleted',
      since: now,
    });
    const fields = { endpointId: ids.endpoint, reason: 'endpoint_deleted', count: 3, isComplete: true };
    expect(logged).toEqual([['endpoint.waiting_deliveries_canceled', fields]]);
    const line = { messageId: nthId('message', 3), attemptNumber: 1, endpointId: ids.endpoint };
    expect(canceled).toHaveLength(3);
    expect(canceled).toContainEqual(['delivery.canceled', { ...line, reason: 'endpoint_deleted' }]);
    expect(counted).toEqual(['DeliveriesCanceled', 'DeliveriesCanceled', 'DeliveriesCanceled']);
  });

  it('leaves the due table, and nothing is deleted there that waits on the queue', async () => {
    const deletedDue: Delivery[] = [];
    const { cancel, due } = await aWorld([planned(1, 900), planned(2, 900.001), planned(3, 36_000), held(4)], {
      deleteDue: async (deliveries) => void deletedDue.push(...deliveries),
    });
    await cancel(aWake());
    expect(deletedDue).toEqual([planned(2, 900.001).delivery, planned(3, 36_000).delivery]);
    expect(due.allWakes()).toHaveLength(1);
  });

  it('is not canceled if a worker has taken it further since it was listed', async () => {
    const { deps, deliveries, counts } = await aWorld([planned(1, 7_200), held(2)]);
    const listed: CancelWaitingDeps['listDeliveries'] = async (...args) => {
      const page = await deliveries.list(...args);
      await deliveries.delete({ endpointId: ids.endpoint, messageId: nthId('message', 2) });
      await deliveries.put(
        aStoredDelivery({ state: 'failed', reason: 'gone' }, at(1, { attemptNumber: 3 }), { since: secondsLater(50) }),
      );
      return page;
    };
    const deletedDue: Delivery[] = [];
    const deleteDue = async (due: readonly Delivery[]) => void deletedDue.push(...due);
    await cancelWaiting({ ...deps, listDeliveries: listed, deleteDue }, aWake(), undefined);
    expect(counts()).toEqual({ 'failed gone': 1 });
    expect(deletedDue).toEqual([]);
  });

  it('is canceled page by page, each wake at once after the other, and looked for once more in the end', async () => {
    const { cancel, counts, atOnce, due } = await aWorld(Array.from({ length: 1_100 }, (_, n) => held(n)));
    await cancel(aWake());
    expect(counts()).toEqual({ 'canceled endpoint_deleted': 500, 'held endpoint-failing': 600 });
    expect(atOnce).toEqual([aWake({ slice: 1, at: now })]);
    await cancel(aWake({ slice: 1 }));
    expect(due.allWakes()).toEqual([]);
    await cancel(aWake({ slice: 2 }));
    expect(counts()).toEqual({ 'canceled endpoint_deleted': 1_100 });
    expect(atOnce).toHaveLength(2);
    expect(due.allWakes()).toEqual([aWake({ slice: 3, at: secondsLater(160) })]);
    await due.deleteWakes(due.allWakes());
    await cancel(aWake({ slice: 3 }));
    expect([atOnce.length, due.allWakes()]).toEqual([2, []]);
  });

  it('is looked for twice, even if nothing is found first: an index can be behind', async () => {
    const { cancel, due, logged } = await aWorld([]);
    await cancel(aWake());
    expect(due.allWakes()).toEqual([aWake({ slice: 1, at: secondsLater(160) })]);
    expect(logged).toEqual([]);
  });

  it('has one wake at a time: the next one is sent through the queue alone, when all that was found is canceled', async () => {
    const leftAtSend: unknown[] = [];
    const { cancel, counts, due } = await aWorld(
      Array.from({ length: 1_100 }, (_, n) => held(n)),
      {
        sendWakes: async () => {
          leftAtSend.push(counts());
          return [];
        },
      },
    );
    await cancel(aWake());
    expect(leftAtSend).toEqual([{ 'canceled endpoint_deleted': 500, 'held endpoint-failing': 600 }]);
    expect(due.allWakes()).toEqual([]);
  });

  it('has no next wake after a crash: its own one comes back', async () => {
    const died = new Error('died');
    const { cancel, due, atOnce } = await aWorld([held(1)], { moveOn: () => Promise.reject(died) });
    await expect(cancel(aWake())).rejects.toThrow(died);
    expect([due.allWakes(), atOnce]).toEqual([[], []]);
  });

  it('keeps its own wake if the queue does not take the next one', async () => {
    const error = new Error('away');
    const { cancel } = await aWorld(
      Array.from({ length: 501 }, (_, n) => held(n)),
      { sendWakes: async (entries) => entries.map((entry) => ({ ...entry, error })) },
    );
    await expect(cancel(aWake())).rejects.toThrow(error);
  });
});

describe('what waits for a disabled endpoint', () => {
  it('is canceled if it is held, and stays if it is planned or parked', async () => {
    const { deps, counts } = await aWorld([planned(1, 60), planned(2, 7_200), held(3), parked(4)]);
    await cancelWaiting(deps, aWake(), anEndpoint({ disabled: true }));
    expect(counts()).toEqual({ 'canceled endpoint_disabled': 1, 'planned retry': 2, 'parked behind': 1 });
  });
});

it('a job of a delivery that was canceled in this way is stored as canceled once', async () => {
  const { cancel, deliveries } = await aWorld([planned(1, 60)]);
  await cancel(aWake());
  const [canceled] = deliveries.all();
  const delivery = aDelivery(at(1, { attemptNumber: 3, scheduledAt: secondsLater(60) }));
  const again = { state: 'canceled', reason: 'endpoint_deleted', delivery, since: secondsLater(160) } as const;
  expect(await deliveries.put(again)).toBe('same');
  expect(deliveries.all()).toEqual([canceled]);
});
