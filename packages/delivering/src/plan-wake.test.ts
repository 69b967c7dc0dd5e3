import type { Wake } from '@posthorn/core';
import { aWake, inMemoryDueDeliveries, secondsLater } from '@posthorn/testing';
import { createPlanWake } from './plan-wake.ts';

function aPlan(unsent: readonly unknown[] = []) {
  const due = inMemoryDueDeliveries();
  const sent: { readonly wake: Wake; readonly delaySeconds: number }[] = [];
  const planWake = createPlanWake({
    insertWake: due.insertWake,
    sendWakes: async (entries) => {
      sent.push(...entries);
      return unsent;
    },
    clock: () => secondsLater(0),
  });
  return { planWake, sent, isStored: async () => (await listAll(due, secondsLater(100_000))).length === 1 };
}

async function listAll({ listDue }: ReturnType<typeof inMemoryDueDeliveries>, before: Date) {
  const shards = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((shard) => listDue(shard, before, 10)));
  return shards.flatMap(({ wakes }) => wakes);
}

describe('a planned wake', () => {
  it.each([
    ['a second', 0.4, 1],
    ['15 minutes', 900, 900],
    ['a time that is over', -5, 0],
  ])('is stored, and sent with a delay: %s', async (_, seconds, delaySeconds) => {
    const { planWake, sent, isStored } = aPlan();
    const wake = aWake({ at: secondsLater(seconds) });
    await planWake(wake);
    expect(await isStored()).toBe(true);
    expect(sent).toEqual([{ wake, delaySeconds }]);
  });

  it('is only stored if the queue cannot delay it for so long', async () => {
    const { planWake, sent, isStored } = aPlan();
    await planWake(aWake({ at: secondsLater(901) }));
    expect([sent, await isStored()]).toEqual([[], true]);
  });

  it('comes by the table if the queue does not accept it', async () => {
    const { planWake, isStored } = aPlan([{ error: new Error('away') }]);
    await planWake(aWake({ at: secondsLater(1) }));
    expect(await isStored()).toBe(true);
  });
});
