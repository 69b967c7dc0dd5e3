import { type Delivery, type DueDeliveryRepository, deliveryIdOf, dueShards, shardOf } from '@posthorn/core';
import { aDelivery } from '../builders/delivery.ts';
import { nthId, secondsLater } from '../builders/ids.ts';
import { aWake } from '../builders/wake.ts';

/** What every due-delivery repository promises. Each test gets an empty one. */
export function describeDueDeliveryRepository(name: string, create: () => Promise<DueDeliveryRepository>): void {
  const shardOfDelivery = (delivery: Delivery) => shardOf(deliveryIdOf(delivery), dueShards);
  const listAll = async (due: DueDeliveryRepository, before: Date) => {
    const shards = Array.from({ length: dueShards }, (_, shard) => due.listDue(shard, before, 100));
    return (await Promise.all(shards)).flatMap(({ deliveries }) => deliveries);
  };

  const listAllWakes = async (due: DueDeliveryRepository, before: Date) => {
    const shards = Array.from({ length: dueShards }, (_, shard) => due.listDue(shard, before, 100));
    return (await Promise.all(shards)).flatMap(({ wakes }) => wakes);
  };

  const listed = (...deliveries: Delivery[]) => ({ deliveries, wakes: [], unreadable: [] });

  describe(`due deliveries ${name}`, () => {
    it('lists a waiting delivery with all its fields when it is due, in its own shard', async () => {
      const due = await create();
      const delivery = aDelivery({
        attemptNumber: 4,
        scheduledAt: secondsLater(1.001),
        trigger: 'manual',
        attemptId: nthId('attempt', 3),
        retriesFrom: 3,
        isUntried: true,
      });
      await due.insert(delivery);
      const shard = shardOfDelivery(delivery);
      expect(await due.listDue(shard, secondsLater(1.001), 10)).toEqual(listed());
      expect(await due.listDue(shard, secondsLater(1.002), 10)).toEqual(listed(delivery));
      expect(await due.listDue((shard + 1) % dueShards, secondsLater(60), 10)).toEqual(listed());
    });

    it('lists the earliest deliveries first, up to the limit', async () => {
      const due = await create();
      const waiting = [3, 1, 2, 0].map((n) => aDelivery({ attemptNumber: n + 1, scheduledAt: secondsLater(n) }));
      await Promise.all(waiting.map((delivery) => due.insert(delivery)));
      const { deliveries } = await due.listDue(shardOfDelivery(aDelivery()), secondsLater(60), 3);
      expect(deliveries.map(({ attemptNumber }) => attemptNumber)).toEqual([1, 2, 3]);
    });

    it('lists what is due behind a page, whether or not its rows are still there', async () => {
      const due = await create();
      const shard = shardOfDelivery(aDelivery());
      const waiting = [0, 1, 2, 3, 4].map((n) => aDelivery({ attemptNumber: n + 1, scheduledAt: secondsLater(n) }));
      await Promise.all(waiting.map((delivery) => due.insert(delivery)));
      const first = await due.listDue(shard, secondsLater(60), 2);
      await due.delete(waiting.slice(1, 2));
      const second = await due.listDue(shard, secondsLater(60), 2, first.next);
      expect(second.deliveries).toEqual(waiting.slice(2, 4));
      expect(await due.listDue(shard, secondsLater(60), 2, second.next)).toEqual(listed(...waiting.slice(4)));
    });

    it('lists a deferred delivery when its deferral is over, ordered by due time, and deletes it', async () => {
      const due = await create();
      const shard = shardOfDelivery(aDelivery());
      const slot = { of: 'endpoint', rates: { endpoint: 5 }, tries: 2 } as const;
      const deferred = aDelivery({ scheduledAt: secondsLater(1), notBefore: secondsLater(30), slot });
      const planned = aDelivery({ attemptNumber: 2, scheduledAt: secondsLater(20) });
      await due.insert(deferred);
      await due.insert(planned);
      expect(await due.listDue(shard, secondsLater(30), 10)).toEqual(listed(planned));
      expect(await due.listDue(shard, secondsLater(60), 10)).toEqual(listed(planned, deferred));
      await due.delete([deferred]);
      expect(await due.listDue(shard, secondsLater(60), 10)).toEqual(listed(planned));
    });

    it('keeps a delivery once if it is inserted again', async () => {
      const due = await create();
      await due.insert(aDelivery());
      await due.insert(aDelivery());
      expect(await listAll(due, secondsLater(60))).toEqual([aDelivery()]);
    });

    it('deletes many at once, including repeated and deleted ones', async () => {
      const due = await create();
      const waiting = Array.from({ length: 60 }, (_, n) => aDelivery({ messageId: nthId('message', n) }));
      for (const delivery of waiting) await due.insert(delivery);
      expect(await listAll(due, secondsLater(60))).toHaveLength(60);
      const [kept, ...gone] = waiting;
      await due.delete([...gone, ...gone]);
      await due.delete(gone);
      expect(await listAll(due, secondsLater(60))).toEqual([kept]);
    });

    it('lists wakes beside deliveries, the earliest first, each once, and deletes them', async () => {
      const due = await create();
      const wakes = [
        aWake({ at: secondsLater(1) }),
        aWake({ at: secondsLater(2) }),
        aWake({ at: secondsLater(2), epoch: 2 }),
        aWake({ at: secondsLater(2), group: 'ep_1 a' }),
        aWake({ at: secondsLater(2), group: 'ep_1 b', slice: 3 }),
      ];
      for (const wake of [...wakes, ...wakes]) await due.insertWake(wake);
      await due.insert(aDelivery());
      const found = await listAllWakes(due, secondsLater(60));
      expect(found).toHaveLength(wakes.length);
      expect(found).toEqual(expect.arrayContaining(wakes));
      expect(await listAllWakes(due, secondsLater(2))).toEqual([aWake({ at: secondsLater(1) })]);
      const [kept, ...gone] = wakes;
      await due.deleteWakes([...gone, ...gone]);
      expect(await listAllWakes(due, secondsLater(60))).toEqual([kept]);
      expect(await listAll(due, secondsLater(60))).toEqual([aDelivery()]);
    });

    it('counts wakes towards the limit of a list', async () => {
      const due = await create();
      const wakes = Array.from({ length: 3 }, (_, epoch) => aWake({ at: secondsLater(epoch), epoch }));
      for (const wake of wakes) await due.insertWake(wake);
      const shards = Array.from({ length: dueShards }, (_, shard) => due.listDue(shard, secondsLater(60), 2));
      expect((await Promise.all(shards)).flatMap((page) => page.wakes)).toEqual(wakes.slice(0, 2));
    });
  });
}
