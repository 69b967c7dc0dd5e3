import { type Delivery, type DueDeliveryRepository, deliveryIdOf, dueShards, shardOf } from '@posthorn/core';
import { aDelivery } from '../builders/delivery.ts';
import { nthId, secondsLater } from '../builders/ids.ts';

/** What every place where deliveries wait promises. Each test gets an empty one. */
export function describeDueDeliveryRepository(name: string, create: () => Promise<DueDeliveryRepository>): void {
  const shardOfDelivery = (delivery: Delivery) => shardOf(deliveryIdOf(delivery), dueShards);
  const listAll = async (due: DueDeliveryRepository, before: Date) => {
    const shards = Array.from({ length: dueShards }, (_, shard) => due.listDue(shard, before, 100));
    return (await Promise.all(shards)).flat();
  };

  describe(`due deliveries ${name}`, () => {
    it('lists all of a waiting delivery once it is due, in its own shard', async () => {
      const due = await create();
      const delivery = aDelivery({
        attemptNumber: 4,
        scheduledAt: secondsLater(1.001),
        trigger: 'manual',
        attemptId: nthId('attempt', 3),
      });
      await due.insert(delivery);
      const shard = shardOfDelivery(delivery);
      expect(await due.listDue(shard, secondsLater(1.001), 10)).toEqual([]);
      expect(await due.listDue(shard, secondsLater(1.002), 10)).toEqual([delivery]);
      expect(await due.listDue((shard + 1) % dueShards, secondsLater(60), 10)).toEqual([]);
    });

    it('lists the earliest first, as many as are asked for', async () => {
      const due = await create();
      const waiting = [3, 1, 2, 0].map((n) => aDelivery({ attemptNumber: n + 1, scheduledAt: secondsLater(n) }));
      await Promise.all(waiting.map((delivery) => due.insert(delivery)));
      const listed = await due.listDue(shardOfDelivery(aDelivery()), secondsLater(60), 3);
      expect(listed.map(({ attemptNumber }) => attemptNumber)).toEqual([1, 2, 3]);
    });

    it('keeps one of a delivery that is inserted again', async () => {
      const due = await create();
      await due.insert(aDelivery());
      await due.insert(aDelivery());
      expect(await listAll(due, secondsLater(60))).toEqual([aDelivery()]);
    });

    it('deletes many at once, named twice or gone already', async () => {
      const due = await create();
      const waiting = Array.from({ length: 60 }, (_, n) => aDelivery({ messageId: nthId('message', n) }));
      for (const delivery of waiting) await due.insert(delivery);
      expect(await listAll(due, secondsLater(60))).toHaveLength(60);
      const [kept, ...gone] = waiting;
      await due.delete([...gone, ...gone]);
      await due.delete(gone);
      expect(await listAll(due, secondsLater(60))).toEqual([kept]);
    });
  });
}
