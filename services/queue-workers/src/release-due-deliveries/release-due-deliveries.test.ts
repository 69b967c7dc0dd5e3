import { toDeliveryJob, toWakeJob } from '@posthorn/contracts';
import { type Delivery, deliveryIdOf, dueShards, PassingError, shardOf, UnusableData } from '@posthorn/core';
import type { StandardEntry, WakeEntry } from '@posthorn/queues';
import {
  aDelivery,
  aWake,
  ids,
  inMemoryDeliveries,
  inMemoryDueDeliveries,
  nthId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { createReleaseDueDeliveries, type ReleaseDueDeliveriesDeps } from './release-due-deliveries.ts';

interface Given {
  /** The error that the queue has for a message, or for the wakes of an endpoint. */
  readonly refused?: Readonly<Record<string, Error>>;
  readonly overrides?: Partial<ReleaseDueDeliveriesDeps>;
}

async function aRelease(deliveries: readonly Delivery[], { refused = {}, overrides = {} }: Given = {}) {
  const due = inMemoryDueDeliveries();
  for (const delivery of deliveries) await due.insert(delivery);
  const deliveryRows = inMemoryDeliveries();
  const queued: StandardEntry[] = [];
  const woken: WakeEntry[] = [];
  const dead: { body: string; reason: string }[] = [];
  const logged: string[] = [];
  const release = createReleaseDueDeliveries({
    listDue: due.listDue,
    deleteDue: due.delete,
    deleteWakes: due.deleteWakes,
    deleteUnreadable: due.deleteUnreadable,
    sendWakes: async (entries) => {
      woken.push(...entries.filter(({ wake }) => !refused[wake.endpointId]));
      return entries.flatMap((entry) => {
        const error = refused[entry.wake.endpointId];
        return error ? [{ ...entry, error }] : [];
      });
    },
    sendStandard: async (entries) => {
      queued.push(...entries.filter(({ delivery }) => !refused[delivery.messageId]));
      return entries.flatMap((entry) => {
        const error = refused[entry.delivery.messageId];
        return error ? [{ ...entry, error }] : [];
      });
    },
    sendToDeadLetters: async ({ body }, reason) => void dead.push({ body, reason }),
    storeDelivery: deliveryRows.put,
    clock: () => startOfTests,
    log: { info: () => undefined, warn: () => undefined, error: (event) => void logged.push(event) },
    counters: { add: () => undefined },
    ...overrides,
  });
  return { due, queued, woken, dead, logged, release, deliveryRows };
}
const dueIn = (n: number, seconds: number, overrides: Partial<Delivery> = {}) =>
  aDelivery({ messageId: nthId('message', n), attemptNumber: 3, scheduledAt: secondsLater(seconds), ...overrides });
const shardOfDelivery = (delivery: Delivery) => shardOf(deliveryIdOf(delivery), dueShards);
/** Deliveries of one shard, due in this order. */
const inOneShard = (count: number): readonly Delivery[] =>
  Array.from({ length: count * dueShards * 4 }, (_, n) => dueIn(n, -1_000 + n / 1_000))
    .filter((delivery) => shardOfDelivery(delivery) === 0)
    .slice(0, count);
const unreadable = (n: number) => ({ shard: 0, key: `key-${n}`, text: `{"row":${n}}`, reason: 'row is invalid' });
const passing = new PassingError('the queue is busy');

describe('the release of due deliveries', () => {
  it('queues what is due within a minute, with a delay to its second, and leaves the rest', async () => {
    const { due, queued, release } = await aRelease([dueIn(1, -10), dueIn(2, 42), dueIn(3, 61)]);
    expect(await release(() => true)).toBe(2);
    expect(queued.toSorted((one, other) => (one.delaySeconds ?? 0) - (other.delaySeconds ?? 0))).toEqual([
      { delivery: dueIn(1, -10), delaySeconds: 0 },
      { delivery: dueIn(2, 42), delaySeconds: 42 },
    ]);
    expect(due.all()).toEqual([dueIn(3, 61)]);
  });

  it('releases a deferred delivery at the end of its deferral', async () => {
    const soon = dueIn(1, -10, { notBefore: secondsLater(30) });
    const later = dueIn(2, -10, { notBefore: secondsLater(3_600) });
    const { due, queued, release } = await aRelease([soon, later]);
    expect(await release(() => true)).toBe(1);
    expect(queued).toEqual([{ delivery: soon, delaySeconds: 30 }]);
    expect(due.all()).toEqual([later]);
  });

  it('goes on page by page until nothing is due', async () => {
    const { due, release } = await aRelease(Array.from({ length: 1_500 }, (_, n) => dueIn(n, 0)));
    expect(await release(() => true)).toBe(1_500);
    expect(due.all()).toEqual([]);
  });

  it('ends when its time is over', async () => {
    const { due, release } = await aRelease([dueIn(1, 0)]);
    expect(await release(() => false)).toBe(0);
    expect(due.all()).toHaveLength(1);
  });
});

describe('a due delivery that the queue does not accept', () => {
  it('stays for the next run, delays no other one, and makes the run fail at its end', async () => {
    const deliveries = inOneShard(250);
    const [stuck] = deliveries;
    const refused = { [stuck?.messageId ?? '']: passing };
    const { due, queued, dead, logged, release } = await aRelease(deliveries, { refused });
    await expect(release(() => true)).rejects.toThrow('1 due deliveries or shards were not released');
    expect(queued).toHaveLength(249);
    expect(due.all()).toEqual([stuck]);
    expect(dead).toEqual([]);
    expect(logged).toEqual(['due_delivery.not_released']);
  });

  it('does not keep the run going when there is nothing else', async () => {
    const deliveries = inOneShard(100);
    const refused = Object.fromEntries(deliveries.map(({ messageId }) => [messageId, passing]));
    const { due, release } = await aRelease(deliveries, { refused });
    await expect(release(() => true)).rejects.toThrow('100 due deliveries');
    expect(due.all()).toHaveLength(100);
  });

  it('delays none behind it, however many there are', async () => {
    const deliveries = inOneShard(251);
    const last = deliveries.at(-1);
    const refused = Object.fromEntries(deliveries.slice(0, -1).map(({ messageId }) => [messageId, passing]));
    const { due, queued, release } = await aRelease(deliveries, { refused });
    await expect(release(() => true)).rejects.toThrow('250 due deliveries');
    expect(queued).toMatchObject([{ delivery: last }]);
    expect(due.all()).toHaveLength(250);
  });

  it('goes to the dead letters with its reason if the queue refuses it for good', async () => {
    const refused = { [nthId('message', 1)]: new UnusableData('the queue refuses the entry: InvalidParameterValue') };
    const { due, queued, dead, logged, release, deliveryRows } = await aRelease([dueIn(1, 0), dueIn(2, 0)], {
      refused,
    });
    expect(await release(() => true)).toBe(1);
    expect(queued).toMatchObject([{ delivery: { messageId: nthId('message', 2) } }]);
    expect(dead).toEqual([
      { body: toDeliveryJob(dueIn(1, 0)), reason: 'the queue refuses the entry: InvalidParameterValue' },
    ]);
    expect(due.all()).toEqual([]);
    expect(logged).toEqual(['due_delivery.set_aside']);
    const ended = { state: 'failed', reason: 'set_aside', delivery: dueIn(1, 0), since: startOfTests };
    expect(deliveryRows.all()).toEqual([ended]);
  });

  it('has no row when it is set aside if it was asked for by hand', async () => {
    const refused = { [nthId('message', 1)]: new UnusableData('the queue refuses the entry') };
    const { dead, release, deliveryRows } = await aRelease([dueIn(1, 0, { trigger: 'manual' })], { refused });
    await release(() => true);
    expect([dead.length, deliveryRows.all()]).toEqual([1, []]);
  });
});

describe('a due row that cannot be read', () => {
  it('goes to the dead letters with its reason, and delays no delivery', async () => {
    const deliveries = inOneShard(150);
    const { due, queued, dead, release } = await aRelease(deliveries);
    for (const n of [1, 2]) due.addUnreadable(unreadable(n));
    expect(await release(() => true)).toBe(150);
    expect(queued).toHaveLength(150);
    expect(dead).toEqual([
      { body: '{"row":1}', reason: 'row is invalid' },
      { body: '{"row":2}', reason: 'row is invalid' },
    ]);
    expect(due.allUnreadable()).toEqual([]);
  });

  it('stays while it cannot be set aside, and delays no delivery', async () => {
    const deliveries = inOneShard(150);
    const overrides = { sendToDeadLetters: () => Promise.reject(passing) };
    const { due, queued, release } = await aRelease(deliveries, { overrides });
    due.addUnreadable(unreadable(1));
    await expect(release(() => true)).rejects.toThrow('1 due deliveries or shards');
    expect(queued).toHaveLength(150);
    expect(due.allUnreadable()).toEqual([unreadable(1)]);
  });
});

describe('a shard that always throws', () => {
  it('delays no other shard', async () => {
    const due = inMemoryDueDeliveries();
    const deliveries = Array.from({ length: 100 }, (_, n) => dueIn(n, 0));
    const overrides: Partial<ReleaseDueDeliveriesDeps> = {
      listDue: async (shard, ...rest) => {
        if (shard === 0) throw new TypeError('x is not a function');
        return due.listDue(shard, ...rest);
      },
      deleteDue: due.delete,
    };
    for (const delivery of deliveries) await due.insert(delivery);
    const { queued, release } = await aRelease([], { overrides });
    await expect(release(() => true)).rejects.toThrow('1 due deliveries or shards were not released');
    expect(queued).toHaveLength(deliveries.filter((delivery) => shardOfDelivery(delivery) !== 0).length);
  });
});

describe('the release of due wakes', () => {
  it('sends what is due within a minute, with a delay to its second, beside the deliveries, and leaves the rest', async () => {
    const { due, queued, woken, release } = await aRelease([dueIn(1, 0)]);
    const [now, soon, later] = [0, 30, 61].map((seconds) => aWake({ at: secondsLater(seconds), group: 'ep_1#a' }));
    for (const wake of [now, soon, later]) if (wake) await due.insertWake(wake);
    expect(await release(() => true)).toBe(3);
    expect(queued).toHaveLength(1);
    expect(woken).toEqual([
      { wake: now, delaySeconds: 0 },
      { wake: soon, delaySeconds: 30 },
    ]);
    expect(due.allWakes()).toEqual([later]);
  });

  it('goes on page by page until nothing is due', async () => {
    const { due, release } = await aRelease([]);
    for (let epoch = 0; epoch < 350; epoch += 1) await due.insertWake(aWake({ epoch }));
    expect(await release(() => true)).toBe(350);
    expect(due.allWakes()).toEqual([]);
  });

  it('leaves a wake for the next run that the queue does not accept, and sends all others', async () => {
    const stuck = aWake({ endpointId: nthId('endpoint', 1) });
    const { due, woken, release } = await aRelease([], { refused: { [stuck.endpointId]: passing } });
    for (const wake of [stuck, aWake()]) await due.insertWake(wake);
    await expect(release(() => true)).rejects.toThrow('1 due deliveries or shards were not released');
    expect(woken).toEqual([{ wake: aWake(), delaySeconds: 0 }]);
    expect(due.allWakes()).toEqual([stuck]);
  });

  it('sets a wake aside with its reason that the queue refuses for good', async () => {
    const refused = { [ids.endpoint]: new UnusableData('the queue refuses the entry') };
    const { due, dead, release } = await aRelease([], { refused });
    await due.insertWake(aWake());
    expect(await release(() => true)).toBe(0);
    expect(dead).toEqual([{ body: toWakeJob(aWake()), reason: 'the queue refuses the entry' }]);
    expect(due.allWakes()).toEqual([]);
  });
});
