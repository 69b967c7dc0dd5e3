import type { Delivery } from '@posthorn/core';
import type { StandardEntry } from '@posthorn/queues';
import { aDelivery, inMemoryDueDeliveries, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { createReleaseDueDeliveries } from './release-due-deliveries.ts';

async function aRelease(deliveries: readonly Delivery[], refused: readonly string[] = []) {
  const due = inMemoryDueDeliveries();
  for (const delivery of deliveries) await due.insert(delivery);
  const queued: StandardEntry[] = [];
  const release = createReleaseDueDeliveries({
    listDue: due.listDue,
    deleteDue: due.delete,
    sendStandard: async (entries) => {
      queued.push(...entries.filter(({ delivery }) => !refused.includes(delivery.messageId)));
      return entries.filter(({ delivery }) => refused.includes(delivery.messageId));
    },
    clock: () => startOfTests,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    counters: { add: () => undefined },
  });
  return { due, queued, release };
}
const dueIn = (n: number, seconds: number) =>
  aDelivery({ messageId: nthId('message', n), attemptNumber: 3, scheduledAt: secondsLater(seconds) });

describe('the release of due deliveries', () => {
  it('queues what is due within a minute, each for its second, and leaves the rest', async () => {
    const { due, queued, release } = await aRelease([dueIn(1, -10), dueIn(2, 42), dueIn(3, 61)]);
    expect(await release(() => true)).toBe(2);
    expect(queued.toSorted((one, other) => (one.delaySeconds ?? 0) - (other.delaySeconds ?? 0))).toEqual([
      { delivery: dueIn(1, -10), delaySeconds: 0 },
      { delivery: dueIn(2, 42), delaySeconds: 42 },
    ]);
    expect(due.all()).toEqual([dueIn(3, 61)]);
  });

  it('goes on page by page until nothing is due', async () => {
    const { due, release } = await aRelease(Array.from({ length: 1_500 }, (_, n) => dueIn(n, 0)));
    expect(await release(() => true)).toBe(1_500);
    expect(due.all()).toEqual([]);
  });

  it('leaves what the queue did not take, and fails so that it is seen', async () => {
    const { due, release } = await aRelease([dueIn(1, 0)], [nthId('message', 1)]);
    await expect(release(() => true)).rejects.toThrow('did not take');
    expect(due.all()).toHaveLength(1);
  });

  it('ends when its time is over', async () => {
    const { due, release } = await aRelease([dueIn(1, 0)]);
    expect(await release(() => false)).toBe(0);
    expect(due.all()).toHaveLength(1);
  });
});
