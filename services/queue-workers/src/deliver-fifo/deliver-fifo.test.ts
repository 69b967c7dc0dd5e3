import { attemptIdOf, type Endpoint, PassingError, UnusableData } from '@posthorn/core';
import { createContinueDelivery } from '@posthorn/delivering';
import { accepted, anAttemptWorld, gone, rejected, type Scripted } from '@posthorn/delivering/fixtures/attempt-world';
import { aDelivery, aMessage, anAttempt, ids, inMemoryDeliveries, nthId, secondsLater } from '@posthorn/testing';
import { aJob } from '../fixtures/a-job.ts';
import { createRunJobs, refuseWake } from '../run-jobs.ts';
import { createDeliverFifo, type DeliverFifoDeps } from './deliver-fifo.ts';
import { secondsUntilRecheck } from './recheck.ts';

const died = new PassingError('died');

async function aWorker(
  answers: readonly Scripted[],
  { onExhausted = 'block', ...endpoint }: Partial<Endpoint> & { onExhausted?: 'block' | 'skip' } = {},
) {
  const world = await anAttemptWorld({ answers, endpoint: { order: { onExhausted }, ...endpoint } });
  const held: number[] = [];
  const dead: string[] = [];
  const deliveries = inMemoryDeliveries();
  const deps: DeliverFifoDeps = {
    continueDelivery: createContinueDelivery(world.deps),
    storeDelivery: deliveries.put,
    listAttempts: world.attempts.listByMessage,
    findEndpoint: world.endpoints.find,
    disableEndpoint: world.endpoints.disable,
    holdBack: async (_, seconds) => void held.push(seconds),
    sendToDeadLetters: async (_, reason) => void dead.push(reason),
    clock: world.clock,
    log: world.deps.log,
  };
  const delivery = aDelivery();
  const job = aJob(1, { delivery, group: 'a' });
  const deliver = (overrides: Partial<DeliverFifoDeps> = {}) =>
    createDeliverFifo({ ...deps, ...overrides })({ delivery, job });
  const isDisabled = async () => (await world.endpoints.find(ids.application, ids.endpoint))?.disabled;
  return { ...world, workerDeps: deps, held, dead, deliveries, deliver, isDisabled };
}
type Worker = Awaited<ReturnType<typeof aWorker>>;

/** Makes all attempts but the last one, and moves the clock to the last one. */
async function exhaust({ deliver, moveTo }: Worker): Promise<void> {
  for (const seconds of [0, 5, 305]) {
    moveTo(secondsLater(seconds));
    expect(await deliver()).toBe('held');
  }
  moveTo(secondsLater(2_105));
}

describe('deliver-fifo', () => {
  it('lets the group go on after a success', async () => {
    const { deliver, held } = await aWorker([accepted]);
    expect(await deliver()).toBe('done');
    expect(held).toEqual([]);
  });

  it('holds the group back for the retry delay after a failure, and goes on after it', async () => {
    const { deliver, held, sent, moveTo } = await aWorker([rejected, accepted]);
    expect(await deliver()).toBe('held');
    expect(held).toEqual([5]);
    moveTo(secondsLater(2));
    expect(await deliver()).toBe('held');
    expect(held).toEqual([5, 3]);
    expect(sent).toHaveLength(1);
    moveTo(secondsLater(5));
    expect(await deliver()).toBe('done');
    expect(sent).toHaveLength(2);
  });

  it('reads an attempt once', async () => {
    const { deliver, reads } = await aWorker([accepted]);
    await deliver();
    expect(reads).toEqual([attemptIdOf(aDelivery())]);
  });

  it('sends nothing twice if a job comes back after its attempt was recorded', async () => {
    const { deliver, sent } = await aWorker([accepted]);
    await deliver();
    expect(await deliver()).toBe('done');
    expect(sent).toHaveLength(1);
  });

  it('blocks the group when the retries are exhausted, and checks it again and again', async () => {
    const world = await aWorker([rejected]);
    await exhaust(world);
    expect(await world.deliver()).toBe('held');
    expect(await world.deliver()).toBe('held');
    expect(world.sent).toHaveLength(4);
    expect(world.held.slice(-2)).toEqual([60, 60]);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ event: 'endpoint.blocked', endpointId: ids.endpoint, messageId: ids.message }),
    );
  });

  it('lets a blocked group go on once a manual attempt was accepted', async () => {
    const world = await aWorker([rejected]);
    await exhaust(world);
    expect(await world.deliver()).toBe('held');
    const manual = anAttempt({ attemptId: nthId('attempt', 5_000), trigger: 'manual' });
    await world.attempts.record({ ...manual, status: 'failed' });
    expect(await world.deliver()).toBe('held');
    await world.attempts.record({ ...manual, attemptId: nthId('attempt', 5_001) });
    expect(await world.deliver()).toBe('done');
  });

  it('goes on without the message if the policy is skip, and puts it among the dead letters', async () => {
    const world = await aWorker([rejected], { onExhausted: 'skip' });
    await exhaust(world);
    expect(await world.deliver()).toBe('done');
    expect(world.dead).toEqual(['retries exhausted']);
  });

  it('disables an endpoint that answered 410, and lets the group go on', async () => {
    const { deliver, isDisabled, held } = await aWorker([gone]);
    expect(await deliver()).toBe('done');
    expect(await isDisabled()).toBe(true);
    expect(held).toEqual([]);
  });

  it.each([
    [
      'disabled',
      (world: Worker) =>
        world.endpoints.disable({ applicationId: ids.application, endpointId: ids.endpoint }, secondsLater(0)),
    ],
    [
      'deleted',
      async (world: Worker) => {
        const endpoint = await world.endpoints.find(ids.application, ids.endpoint);
        if (endpoint) await world.endpoints.delete(endpoint, secondsLater(0));
      },
    ],
  ])('lets a blocked group go on when the endpoint was %s', async (_, change) => {
    const world = await aWorker([rejected]);
    await exhaust(world);
    expect(await world.deliver()).toBe('held');
    await change(world);
    expect(await world.deliver()).toBe('done');
    expect(world.dead).toEqual([]);
  });

  it('lets the group go on when there is nothing to send any more', async () => {
    const { deliver, sent } = await aWorker([accepted], { disabled: true });
    expect(await deliver()).toBe('done');
    expect(sent).toEqual([]);
  });

  it('holds a deferred delivery back without an attempt', async () => {
    const { workerDeps, held, sent } = await aWorker([accepted]);
    const delivery = aDelivery({ notBefore: secondsLater(60) });
    expect(await createDeliverFifo(workerDeps)({ delivery, job: aJob(1, { delivery, group: 'a' }) })).toBe('held');
    expect(held).toEqual([60]);
    expect(sent).toEqual([]);
  });
});

describe('a FIFO job that comes back after a crash', () => {
  it('disables the endpoint that answered 410, and unblocks its group, if the worker died before it did', async () => {
    const { deliver, isDisabled, sent, held } = await aWorker([gone]);
    await expect(deliver({ disableEndpoint: () => Promise.reject(died) })).rejects.toThrow('died');
    expect(await isDisabled()).toBe(false);
    expect(await deliver()).toBe('done');
    expect(await isDisabled()).toBe(true);
    expect(sent).toHaveLength(1);
    expect(held).toEqual([]);
  });

  it('puts a message to skip among the dead letters if the worker died before it did', async () => {
    const world = await aWorker([rejected], { onExhausted: 'skip' });
    await exhaust(world);
    await expect(world.deliver({ sendToDeadLetters: () => Promise.reject(died) })).rejects.toThrow('died');
    expect(world.dead).toEqual([]);
    expect(await world.deliver()).toBe('done');
    expect(world.dead).toEqual(['retries exhausted']);
    expect(world.sent).toHaveLength(4);
  });

  it('holds the group back for its retry if the worker died before it did', async () => {
    const { deliver, held, sent } = await aWorker([rejected]);
    await expect(deliver({ holdBack: () => Promise.reject(died) })).rejects.toThrow('died');
    expect(await deliver()).toBe('held');
    expect(held).toEqual([5]);
    expect(sent).toHaveLength(1);
  });
});

describe('a FIFO job that always throws', () => {
  const runWith = async (error: Error) => {
    const world = await aWorker([accepted]);
    for (const n of [1, 2, 3]) await world.messages.insert(aMessage({ messageId: nthId('message', n) }));
    const dead: string[] = [];
    const runJobs = createRunJobs({
      sendToDeadLetters: async ({ id }, reason) => void dead.push(`${id}: ${reason}`),
      release: async () => undefined,
      log: world.deps.log,
      counters: world.deps.counters,
    });
    const continueDelivery = createContinueDelivery({
      ...world.deps,
      sendMessage: async (request) => {
        if (request.message.messageId === nthId('message', 1)) throw error;
        return world.deps.sendMessage(request);
      },
    });
    const jobs = [aJob(1, { group: 'a' }), aJob(2, { group: 'b' }), aJob(3, { group: 'a' })];
    const delivery = createDeliverFifo({ ...world.workerDeps, continueDelivery });
    const returned = await runJobs(jobs, { delivery, wake: refuseWake });
    const delivered = world.attempts.all().map(({ messageId }) => messageId);
    return { returned, dead, delivered, logged: world.logged };
  };

  it('by our own fault keeps its place in its group, delays no other group, and leaves no attempt', async () => {
    const error = new TypeError('x is not a function');
    const { returned, dead, delivered, logged } = await runWith(error);
    expect(returned).toEqual(['1', '3']);
    expect(dead).toEqual([]);
    expect(delivered).toEqual([nthId('message', 2)]);
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'delivery.failed', messageId: nthId('message', 1), error }),
    );
  });

  it('for data that cannot be used is set aside, and delays no other job', async () => {
    const { returned, dead, delivered } = await runWith(new UnusableData('row has an invalid attribute: url'));
    expect(returned).toEqual([]);
    expect(dead).toEqual(['1: row has an invalid attribute: url']);
    expect(delivered.toSorted()).toEqual([2, 3].map((n) => nthId('message', n)));
  });
});

describe('a blocked group', () => {
  it('is checked less often the longer it is blocked, and fewer than 1,000 times in 14 days', () => {
    let checks = 0;
    for (let at = 0; at < 14 * 86_400; checks += 1)
      at += secondsUntilRecheck({ exhaustedAt: secondsLater(0), now: secondsLater(at) });
    expect(checks).toBeLessThan(900);
    expect(secondsUntilRecheck({ exhaustedAt: secondsLater(0), now: secondsLater(6_000) })).toBe(600);
  });
});
