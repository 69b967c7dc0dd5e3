import { attemptIdOf, PassingError, UnusableData } from '@posthorn/core';
import { createMakeAttempt } from '@posthorn/delivering';
import { accepted, gone, rejected } from '@posthorn/delivering/fixtures/attempt-world';
import type { AttemptPermission } from '@posthorn/delivering/may-attempt';
import { aDelivery, aMessage, aStoredDelivery, ids, nthId, secondsLater } from '@posthorn/testing';
import { aJob } from '../fixtures/a-job.ts';
import { aStandardWorker } from '../fixtures/a-standard-worker.ts';
import { createRunJobs, refuseWake } from '../run-jobs.ts';
import { createDeliverStandard, type DeliverStandardDeps } from './deliver-standard.ts';

const died = new PassingError('died');

describe('deliver-standard', () => {
  it('lets the next attempt wait on the queue if the queue can delay it', async () => {
    const { deliver, queued } = await aStandardWorker({ answers: [rejected] });
    expect(await deliver(aDelivery())).toBe('done');
    const next = aDelivery({ attemptNumber: 2, scheduledAt: secondsLater(5) });
    expect(queued).toEqual([{ delivery: next, delaySeconds: 5 }]);
  });

  it('lets it wait in the due table if it is more than 15 minutes away', async () => {
    const { deliver, queued, due } = await aStandardWorker({ answers: [rejected] });
    await deliver(aDelivery({ attemptNumber: 3 }));
    expect(queued).toEqual([]);
    expect(due.all()).toEqual([aDelivery({ attemptNumber: 4, scheduledAt: secondsLater(1_800) })]);
  });

  it.each([
    ['a success', accepted, 1],
    ['the last failure', rejected, 4],
    ['a 410', gone, 1],
  ])('plans nothing after %s', async (_, answer, attemptNumber) => {
    const { deliver, queued, due } = await aStandardWorker({ answers: [answer] });
    expect(await deliver(aDelivery({ attemptNumber }))).toBe('done');
    expect([queued.length, due.all().length]).toEqual([0, 0]);
  });

  it('disables an endpoint that answered 410, and no other endpoint', async () => {
    const world = await aStandardWorker({ answers: [gone] });
    await world.deliver(aDelivery());
    expect(await world.isDisabled()).toBe(true);
    for (const answer of [accepted, rejected]) {
      const other = await aStandardWorker({ answers: [answer] });
      await other.deliver(aDelivery({ attemptNumber: 4 }));
      expect(await other.isDisabled()).toBe(false);
    }
  });

  it('puts a deferred delivery back without an attempt, with the same identity, and attempts it later', async () => {
    const { deliver, queued, due, sent, attempts, moveTo } = await aStandardWorker({ answers: [accepted] });
    const deferred = aDelivery({ notBefore: secondsLater(900) });
    const longDeferred = aDelivery({ notBefore: secondsLater(901) });
    expect(await deliver(deferred)).toBe('done');
    expect(queued).toEqual([{ delivery: deferred, delaySeconds: 900 }]);
    expect(await deliver(longDeferred)).toBe('done');
    expect(due.all()).toEqual([longDeferred]);
    expect([sent, attempts.all()]).toEqual([[], []]);
    moveTo(secondsLater(900));
    await deliver(deferred);
    expect(attempts.all()).toMatchObject([{ attemptId: attemptIdOf(aDelivery()), attemptNumber: 1 }]);
  });
});

describe('a delivery that the breaker holds', () => {
  const hold: AttemptPermission = { kind: 'hold', until: secondsLater(30), reason: 'endpoint-failing' };
  /** A gate that holds the delivery the first time it is asked. */
  const holdsOnce = () => {
    const permissions = [hold];
    return () => permissions.shift() ?? ({ kind: 'go' } as const);
  };

  it('is stored, and nothing is sent or planned for it', async () => {
    const { deliver, deliveries, queued, due, sent } = await aStandardWorker({ mayAttempt: () => hold });
    expect(await deliver(aDelivery({ probe: 7 }))).toBe('done');
    expect(deliveries.all()).toEqual([aStoredDelivery({ state: 'held', reason: 'endpoint-failing' })]);
    expect([queued, due.all(), sent]).toEqual([[], [], []]);
  });

  it('goes on at once if the breaker has closed before it was stored: nothing else would send it', async () => {
    const { deliver, deliveries, attempts } = await aStandardWorker({ mayAttempt: holdsOnce() });
    expect(await deliver(aDelivery(), { isHeld: async () => false })).toBe('done');
    expect(attempts.all()).toMatchObject([{ attemptId: attemptIdOf(aDelivery()), status: 'succeeded' }]);
    expect(deliveries.all()).toEqual([]);
  });

  it('is planned for its retry if it goes on and fails', async () => {
    const { deliver, deliveries, queued } = await aStandardWorker({ answers: [rejected], mayAttempt: holdsOnce() });
    await deliver(aDelivery(), { isHeld: async () => false });
    const next = aDelivery({ attemptNumber: 2, scheduledAt: secondsLater(5) });
    expect(deliveries.all()).toMatchObject([{ state: 'planned', delivery: next }]);
    expect(queued).toEqual([{ delivery: next, delaySeconds: 5 }]);
  });

  it('is left to the job that has taken it further', async () => {
    const { deliver, deliveries, sent } = await aStandardWorker({ mayAttempt: () => hold });
    const later = aStoredDelivery({ state: 'planned', reason: 'retry' }, { attemptNumber: 2 });
    await deliveries.put(later);
    expect(await deliver(aDelivery(), { isHeld: async () => false })).toBe('done');
    expect([deliveries.all(), sent]).toEqual([[later], []]);
  });
});

describe('a standard job that comes back after a crash', () => {
  it('disables the endpoint that answered 410 if the worker died before it did', async () => {
    const { deliver, sent, isDisabled } = await aStandardWorker({ answers: [gone] });
    await expect(deliver(aDelivery(), { disableEndpoint: () => Promise.reject(died) })).rejects.toThrow('died');
    expect(await isDisabled()).toBe(false);
    expect(await deliver(aDelivery())).toBe('done');
    expect(await isDisabled()).toBe(true);
    expect(sent).toHaveLength(1);
  });

  it('queues the next attempt if the worker died before it did', async () => {
    const { deliver, sent, queued } = await aStandardWorker({ answers: [rejected] });
    await expect(deliver(aDelivery(), { sendStandard: () => Promise.reject(died) })).rejects.toThrow('died');
    expect(queued).toEqual([]);
    expect(await deliver(aDelivery())).toBe('done');
    expect(queued).toEqual([
      { delivery: aDelivery({ attemptNumber: 2, scheduledAt: secondsLater(5) }), delaySeconds: 5 },
    ]);
    expect(sent).toHaveLength(1);
  });

  it('stores the next attempt in the due table if the worker died before it did', async () => {
    const { deliver, sent, due } = await aStandardWorker({ answers: [rejected] });
    const third = aDelivery({ attemptNumber: 3 });
    await expect(deliver(third, { insertDue: () => Promise.reject(died) })).rejects.toThrow('died');
    await deliver(third);
    expect(due.all()).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  it('comes back once more if the queue does not accept the next attempt', async () => {
    const { deliver, attempts } = await aStandardWorker({ answers: [rejected] });
    const refuses: DeliverStandardDeps['sendStandard'] = async (entries) =>
      entries.map((entry) => ({ ...entry, error: died }));
    await expect(deliver(aDelivery(), { sendStandard: refuses })).rejects.toThrow(died);
    expect(attempts.all()).toHaveLength(1);
  });
});

describe('a standard job that always throws', () => {
  it.each([
    ['by our own fault', new TypeError('x is not a function'), ['1'], []],
    ['for data that cannot be used', new UnusableData('row has an invalid attribute: url'), [], ['1']],
  ])('%s delays no other job and leaves no attempt', async (_, error, returned, setAside) => {
    const world = await aStandardWorker({ answers: [accepted] });
    for (const n of [1, 2, 3]) await world.messages.insert(aMessage({ messageId: nthId('message', n) }));
    const dead: string[] = [];
    const runJobs = createRunJobs({
      sendToDeadLetters: async ({ id }) => void dead.push(id),
      holdBack: async () => undefined,
      jitter: () => 0.5,
      storeDelivery: world.deliveries.put,
      findDelivery: world.deliveries.find,
      moveOn: world.deliveries.moveOn,
      clock: world.clock,
      log: world.deps.log,
      counters: world.deps.counters,
    });
    const makeAttempt = createMakeAttempt({
      ...world.deps,
      sendMessage: async (request) => {
        if (request.message.messageId === nthId('message', 1)) throw error;
        return world.deps.sendMessage(request);
      },
    });
    const run = { delivery: createDeliverStandard({ ...world.workerDeps, makeAttempt }), wake: refuseWake };
    expect(await runJobs([aJob(1), aJob(2), aJob(3)], run)).toEqual(returned);
    expect(dead).toEqual(setAside);
    expect(world.attempts.all().map(({ messageId }) => messageId)).toEqual([2, 3].map((n) => nthId('message', n)));
    expect(world.logged).toContainEqual(
      expect.objectContaining({
        event: 'delivery.failed',
        messageId: nthId('message', 1),
        endpointId: ids.endpoint,
        error,
      }),
    );
  });
});
