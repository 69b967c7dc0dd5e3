import { rejected } from '@posthorn/delivering/fixtures/attempt-world';
import type { StandardEntry } from '@posthorn/queues';
import { aDelivery, secondsLater } from '@posthorn/testing';
import { aStandardWorker } from './fixtures/a-standard-worker.ts';
import { createReleaseDueDeliveries } from './release-due-deliveries/release-due-deliveries.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * How many seconds after its time a retry reaches a worker, if the release runs once a minute.
 *
 * @param phase - seconds from the failure to the first run
 */
async function lateness(waitSeconds: number, phase: number): Promise<number> {
  const world = await aStandardWorker({ answers: [rejected] });
  await world.deliver(aDelivery(), {
    makeAttempt: async (delivery) => {
      const report = await world.workerDeps.makeAttempt(delivery);
      if (report.kind !== 'attempted') throw new Error('an attempt is expected');
      const next = { kind: 'retry', at: secondsLater(waitSeconds) } as const;
      return { ...report, attempt: { ...report.attempt, next } };
    },
  });
  const [queued] = world.queued;
  if (queued) return (queued.delaySeconds ?? 0) - waitSeconds;
  for (let run = phase; ; run += 60) {
    const sent: StandardEntry[] = [];
    const release = createReleaseDueDeliveries({
      listDue: world.due.listDue,
      deleteDue: world.due.delete,
      deleteWakes: world.due.deleteWakes,
      deleteUnreadable: world.due.deleteUnreadable,
      sendStandard: async (entries) => {
        sent.push(...entries);
        return [];
      },
      sendWakes: async () => [],
      sendToDeadLetters: () => Promise.reject(new Error('nothing is to be set aside')),
      storeDelivery: async () => 'stored',
      clock: () => secondsLater(run),
      log: silent,
      counters: { add: () => undefined },
    });
    await release(() => true);
    const [entry] = sent;
    if (entry) return run + (entry.delaySeconds ?? 0) - waitSeconds;
  }
}

describe('a retry', () => {
  it.each([0.001, 0.5, 1, 4.2, 5, 59.999, 300, 899.001, 900])(
    'is made less than a second after its time if it waits on the queue: %d s',
    async (waitSeconds) => {
      const late = await lateness(waitSeconds, 0);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(1);
    },
  );

  it.each([900.001, 901, 1_800, 1_859.5, 7_200, 36_000.25, 725_760])(
    'is made less than a second after its time if it waits in the table and the release runs on time: %d s',
    async (waitSeconds) => {
      for (const phase of [0, 0.5, 17, 30, 59.999]) {
        const late = await lateness(waitSeconds, phase);
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThan(1);
      }
    },
  );
});
