import type { Delivery } from '@posthorn/core';
import type { StandardEntry } from '@posthorn/queues';
import { aDelivery, inMemoryDueDeliveries, secondsLater } from '@posthorn/testing';
import { anAttemptWorld, rejected } from '../fixtures/attempt-world.ts';
import { createDeliverStandard } from './deliver-standard.ts';

async function aWorker({ refusesQueue = false } = {}) {
  const world = await anAttemptWorld({ answers: [rejected] });
  const queued: StandardEntry[] = [];
  const due = inMemoryDueDeliveries();
  const deliver = createDeliverStandard({
    makeAttempt: world.makeAttempt,
    sendStandard: async (entries) => {
      if (refusesQueue) return entries;
      queued.push(...entries);
      return [];
    },
    insertDue: due.insert,
    clock: world.clock,
  });
  return { ...world, deliver, queued, due };
}

describe('deliver-standard', () => {
  it('has the next attempt wait on the queue while the queue can delay it', async () => {
    const { deliver, queued } = await aWorker();
    await deliver(aDelivery());
    const next: Delivery = aDelivery({ attemptNumber: 2, scheduledAt: secondsLater(5) });
    expect(queued).toEqual([{ delivery: next, delaySeconds: 5 }]);
  });

  it('has it wait in the due table beyond 15 minutes', async () => {
    const { deliver, queued, due } = await aWorker();
    await deliver(aDelivery({ attemptNumber: 3 }));
    expect(queued).toEqual([]);
    expect(due.all()).toEqual([aDelivery({ attemptNumber: 4, scheduledAt: secondsLater(1_800) })]);
  });

  it('ends after the last attempt', async () => {
    const { deliver, queued, due } = await aWorker();
    await deliver(aDelivery({ attemptNumber: 4 }));
    expect([queued.length, due.all().length]).toEqual([0, 0]);
  });

  it('sees again to what follows when the job comes back after its attempt was recorded', async () => {
    const { deliver, queued, sent } = await aWorker();
    await deliver(aDelivery());
    await deliver(aDelivery());
    expect(sent).toHaveLength(1);
    expect(queued).toHaveLength(2);
    expect(queued[1]).toEqual(queued[0]);
  });

  it('fails, so that the job comes back, when the queue does not take the next attempt', async () => {
    const { deliver, attempts } = await aWorker({ refusesQueue: true });
    await expect(deliver(aDelivery())).rejects.toThrow('did not take');
    expect(attempts.all()).toHaveLength(1);
  });
});
