import { type AttemptOutcome, type Delivery, PassingError, type StoredDelivery } from '@posthorn/core';
import { createMakeAttempt, type MayAttempt } from '@posthorn/delivering';
import { accepted, gone, rejected } from '@posthorn/delivering/fixtures/attempt-world';
import { aDelivery, aStoredDelivery, ids, secondsLater } from '@posthorn/testing';
import { aStandardWorker } from '../fixtures/a-standard-worker.ts';
import type { DeliverStandardDeps } from './deliver-standard.ts';

type Worker = Awaited<ReturnType<typeof aStandardWorker>>;
type Given = Parameters<typeof aStandardWorker>[0];

const retry = { state: 'planned', reason: 'retry' } as const;
const nth = (attemptNumber: number, seconds = 0, overrides: Partial<Delivery> = {}) =>
  aDelivery({ attemptNumber, scheduledAt: secondsLater(seconds), ...overrides });
const stored = (status: Parameters<typeof aStoredDelivery>[0], delivery: Delivery): StoredDelivery =>
  aStoredDelivery(status, delivery);
const asking = (asks: 'disable' | 'abort-message', outcome: Extract<AttemptOutcome, { status: number }>) => ({
  outcome: { ...outcome, asks } as AttemptOutcome,
  response: '',
  durationMs: 1,
});
const manual = aDelivery({ trigger: 'manual', attemptId: ids.attempt });
const slot = { of: 'all', rates: { endpoint: 5 }, tries: 1 } as const;
const waits: MayAttempt = () => ({ kind: 'wait', until: secondsLater(60), slot, reason: 'throttled' });
const waitsLong: MayAttempt = () => ({ kind: 'wait', until: secondsLater(1_000), slot, reason: 'throttled' });
const holds: MayAttempt = () => ({ kind: 'hold', until: secondsLater(60), reason: 'endpoint-failing' });

interface Case {
  readonly given: Given;
  readonly delivery: Delivery;
  readonly before?: StoredDelivery;
  readonly after: StoredDelivery | undefined;
}

/** What a job leaves stored of its delivery. */
const cases: Readonly<Record<string, Case>> = {
  'a first success': { given: {}, delivery: nth(1), after: undefined },
  'a failure': { given: { answers: [rejected] }, delivery: nth(1), after: stored(retry, nth(2, 5)) },
  'a failure with a long wait': {
    given: { answers: [rejected] },
    delivery: nth(3),
    before: stored(retry, nth(3)),
    after: stored(retry, nth(4, 1_800)),
  },
  'the last failure': {
    given: { answers: [rejected] },
    delivery: nth(4),
    before: stored(retry, nth(4)),
    after: stored({ state: 'failed', reason: 'exhausted' }, nth(4)),
  },
  'a 410': { given: { answers: [gone] }, delivery: nth(1), after: stored({ state: 'failed', reason: 'gone' }, nth(1)) },
  'a failure that aborts the message': {
    given: { answers: [asking('abort-message', { kind: 'rejected', status: 500 })] },
    delivery: nth(1),
    after: stored({ state: 'failed', reason: 'aborted' }, nth(1)),
  },
  'a success after a failure': { given: {}, delivery: nth(2), before: stored(retry, nth(2)), after: undefined },
  'a success that disables the endpoint': {
    given: { answers: [asking('disable', { kind: 'accepted', status: 200 })] },
    delivery: nth(2),
    before: stored(retry, nth(2)),
    after: undefined,
  },
  'a first success after a deferral': {
    given: {},
    delivery: nth(1, 0, { notBefore: secondsLater(0) }),
    before: stored({ state: 'planned', reason: 'throttled' }, nth(1)),
    after: undefined,
  },
  'a turn that comes later': {
    given: { mayAttempt: waits },
    delivery: nth(1),
    after: stored({ state: 'planned', reason: 'throttled' }, nth(1, 0, { notBefore: secondsLater(60), slot })),
  },
  'a turn that comes much later': {
    given: { mayAttempt: waitsLong },
    delivery: nth(2),
    before: stored(retry, nth(2)),
    after: stored({ state: 'planned', reason: 'throttled' }, nth(2, 0, { notBefore: secondsLater(1_000), slot })),
  },
  'an endpoint that keeps failing': {
    given: { mayAttempt: holds },
    delivery: nth(2),
    before: stored(retry, nth(2)),
    after: stored({ state: 'held', reason: 'endpoint-failing' }, nth(2)),
  },
  'an endpoint that is disabled': {
    given: { endpoint: { disabled: true } },
    delivery: nth(1),
    after: stored({ state: 'canceled', reason: 'endpoint_disabled' }, nth(1)),
  },
  'a message that has expired': {
    given: { message: { expiresAt: secondsLater(0) } },
    delivery: nth(3),
    before: stored(retry, nth(3)),
    after: stored({ state: 'canceled', reason: 'message_expired' }, nth(3)),
  },
  'a time that was asked for': {
    given: {},
    delivery: nth(1, 1_000, { notBefore: secondsLater(1_000) }),
    after: stored({ state: 'planned', reason: 'scheduled' }, nth(1, 1_000, { notBefore: secondsLater(1_000) })),
  },
  'a manual success of a delivery that has ended': {
    given: {},
    delivery: manual,
    before: stored({ state: 'failed', reason: 'exhausted' }, nth(4)),
    after: undefined,
  },
  'a manual success of a delivery that goes on': {
    given: {},
    delivery: manual,
    before: stored(retry, nth(3)),
    after: stored(retry, nth(3)),
  },
  'a manual failure': {
    given: { answers: [rejected] },
    delivery: manual,
    before: stored({ state: 'failed', reason: 'exhausted' }, nth(4)),
    after: stored({ state: 'failed', reason: 'exhausted' }, nth(4)),
  },
  'a manual attempt at a disabled endpoint': {
    given: { endpoint: { disabled: true } },
    delivery: manual,
    after: undefined,
  },
  'a manual 410': { given: { answers: [gone] }, delivery: manual, after: undefined },
  'a manual attempt whose turn comes later': { given: { mayAttempt: waits }, delivery: manual, after: undefined },
};

async function aCase({ given, before }: Case): Promise<Worker> {
  const worker = await aStandardWorker(given);
  if (before) await worker.deliveries.put(before);
  return worker;
}

/** Everything that a worker has done beside sending messages, each once. */
const leftBy = async ({ deliveries, due, queued, attempts, isDisabled }: Worker) => ({
  deliveries: deliveries.all(),
  due: due.all(),
  queued: [...new Set(queued.map((entry) => JSON.stringify(entry)))],
  attempts: attempts.all(),
  isDisabled: await isDisabled(),
});

describe.each(Object.entries(cases))('%s', (_, one) => {
  it('leaves the delivery stored as it is, and when it is done again, too', async () => {
    const worker = await aCase(one);
    expect(await worker.deliver(one.delivery)).toBe('done');
    expect(worker.deliveries.all()).toEqual(one.after ? [one.after] : []);
    const left = await leftBy(worker);
    await worker.deliver(one.delivery);
    expect(await leftBy(worker)).toEqual(left);
  });

  it('leaves the same after a crash at any step, before or after the step was done', async () => {
    const whole = await aCase(one);
    await whole.deliver(one.delivery);
    const left = await leftBy(whole);
    for (const crash of ['before', 'after'] as const) {
      for (let step = 1; ; step += 1) {
        const worker = await aCase(one);
        const crashing = crashAt(worker, step, crash);
        const first = await worker.deliver(one.delivery, crashing.deps).catch((error: Error) => error);
        if (!crashing.hasCrashed()) break;
        expect(first).toBeInstanceOf(PassingError);
        expect(await worker.deliver(one.delivery)).toBe('done');
        expect(await leftBy(worker)).toEqual(left);
      }
    }
  });
});

describe('a first attempt that is made when its job comes back', () => {
  it.each([
    ['throttled', waits],
    ['held', holds],
  ])('leaves no row, after a worker died that had stored it as %s', async (_, mayAttempt) => {
    const worker = await aStandardWorker({ mayAttempt });
    const died = new PassingError('died');
    const { put } = worker.workerDeps.deliveries;
    const crashing = {
      ...worker.workerDeps.deliveries,
      put: async (row: StoredDelivery): Promise<never> => {
        await put(row);
        throw died;
      },
    };
    await expect(worker.deliver(nth(1), { deliveries: crashing })).rejects.toBe(died);
    expect(worker.deliveries.all()).toHaveLength(1);
    const makeAttempt = createMakeAttempt({ ...worker.deps, mayAttempt: async () => ({ kind: 'go' }) });
    expect(await worker.deliver(nth(1), { makeAttempt }, 2)).toBe('done');
    expect(worker.attempts.all()).toMatchObject([{ status: 'succeeded' }]);
    expect(worker.deliveries.all()).toEqual([]);
  });

  it('goes to the queue for slow endpoints as one that can be stored', async () => {
    const worker = await aStandardWorker({ mayAttempt: () => ({ kind: 'slow' }) });
    await worker.deliver(nth(1));
    await worker.deliver(nth(1), {}, 2);
    const [first, again] = worker.slow.map(({ delivery }) => delivery);
    expect([first, again]).toEqual([nth(1), nth(1, 0, { notBefore: nth(1).scheduledAt })]);
  });
});

/** Every effect of a worker is a step. The nth one throws, done or not. */
function crashAt({ workerDeps, deps: attemptDeps }: Worker, step: number, when: 'before' | 'after') {
  let steps = 0;
  let crashed = false;
  const counted =
    <Args extends readonly unknown[], Answer>(effect: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      steps += 1;
      const crashes = steps === step;
      crashed ||= crashes;
      if (crashes && when === 'before') throw new PassingError('died');
      const answer = await effect(...args);
      if (crashes) throw new PassingError('died');
      return answer;
    };
  const { deliveries, disableEndpoint, sendStandard, sendSlow, insertDue } = workerDeps;
  const deps: Partial<DeliverStandardDeps> = {
    makeAttempt: createMakeAttempt({ ...attemptDeps, recordAttempt: counted(attemptDeps.recordAttempt) }),
    deliveries: {
      put: counted(deliveries.put),
      delete: counted(deliveries.delete),
      deleteEnded: counted(deliveries.deleteEnded),
    },
    disableEndpoint: counted(disableEndpoint),
    sendStandard: counted(sendStandard),
    sendSlow: counted(sendSlow),
    insertDue: counted(insertDue),
  };
  return { deps, hasCrashed: () => crashed };
}

describe('a job that comes late', () => {
  it.each<[string, StoredDelivery]>([
    ['is at a later attempt', stored(retry, nth(3, 305))],
    ['is throttled', stored({ state: 'planned', reason: 'throttled' }, nth(2, 5, { notBefore: secondsLater(90) }))],
    ['is held', stored({ state: 'held', reason: 'endpoint-failing' }, nth(2, 5))],
    ['has failed', stored({ state: 'failed', reason: 'gone' }, nth(2, 5))],
    ['was canceled', stored({ state: 'canceled', reason: 'endpoint_deleted' }, nth(2, 5))],
  ])('changes nothing, and plans nothing, if its delivery %s', async (_, newer) => {
    const worker = await aStandardWorker({ answers: [rejected, accepted] });
    await worker.deliver(aDelivery());
    await worker.deliveries.put(newer);
    worker.queued.length = 0;
    await worker.deliver(aDelivery());
    expect(worker.deliveries.all()).toEqual([newer]);
    expect([worker.queued, worker.due.all()]).toEqual([[], []]);
    expect(worker.sent).toHaveLength(1);
  });

  it.each<[string, StoredDelivery]>([
    ['is at a later attempt', stored(retry, nth(2, 5))],
    ['was canceled', stored({ state: 'canceled', reason: 'endpoint_deleted' }, nth(1))],
  ])('does not wait for its turn if its delivery %s', async (_, newer) => {
    const worker = await aStandardWorker({ mayAttempt: waits });
    await worker.deliveries.put(newer);
    await worker.deliver(nth(1));
    expect(worker.deliveries.all()).toEqual([newer]);
    expect([worker.queued, worker.due.all()]).toEqual([[], []]);
  });

  it('attempts a canceled delivery after all, if its endpoint is enabled again, and goes on with it', async () => {
    const worker = await aStandardWorker({ answers: [rejected] });
    await worker.deliveries.put(stored({ state: 'canceled', reason: 'endpoint_disabled' }, nth(2)));
    await worker.deliver(nth(2));
    expect(worker.deliveries.all()).toEqual([stored(retry, nth(3, 300))]);
    expect(worker.queued).toEqual([{ delivery: nth(3, 300), delaySeconds: 300 }]);
  });
});

it('removes the canceled row of a first success, if its endpoint was disabled and enabled since it was planned', async () => {
  const worker = await aStandardWorker({ endpoint: { updatedAt: secondsLater(5) } });
  await worker.deliveries.put(stored({ state: 'canceled', reason: 'endpoint_disabled' }, nth(1)));
  await worker.deliver(nth(1));
  expect([worker.sent.length, worker.deliveries.all()]).toEqual([1, []]);
  await worker.deliveries.put(stored({ state: 'canceled', reason: 'endpoint_disabled' }, nth(1)));
  await worker.deliver(nth(1));
  expect([worker.sent.length, worker.deliveries.all()]).toEqual([1, []]);
});

it('goes on with a retry that was stored as failed, if the job before it is put back', async () => {
  const worker = await aStandardWorker({ answers: [rejected] });
  const lost = () => Promise.reject(new PassingError('the queue is away'));
  await expect(worker.deliver(aDelivery(), { sendStandard: lost })).rejects.toThrow('away');
  await worker.deliveries.put(stored({ state: 'failed', reason: 'set_aside' }, nth(2, 5)));
  await worker.deliver(aDelivery());
  expect(worker.deliveries.all()).toEqual([stored(retry, nth(2, 5))]);
  expect(worker.queued).toEqual([{ delivery: nth(2, 5), delaySeconds: 5 }]);
  expect(worker.sent).toHaveLength(1);
});

it('stores a delivery before it plans its next attempt', async () => {
  const worker = await aStandardWorker({ answers: [rejected] });
  const storedAtSend: StoredDelivery[] = [];
  const sendStandard: DeliverStandardDeps['sendStandard'] = async () => {
    storedAtSend.push(...worker.deliveries.all());
    return [];
  };
  await worker.deliver(aDelivery(), { sendStandard });
  expect(storedAtSend).toEqual([stored(retry, nth(2, 5))]);
});

it('makes no call but the attempt for a delivery that succeeds at its first try', async () => {
  const worker = await aStandardWorker();
  const none = () => Promise.reject(new Error('a call too many'));
  const noCalls = {
    deliveries: { put: none, delete: none, deleteEnded: none },
    disableEndpoint: none,
    sendStandard: none,
    sendSlow: none,
    insertDue: none,
  };
  expect(await worker.deliver(aDelivery(), noCalls)).toBe('done');
});

it('sends a delivery of a slow endpoint on, as it is', async () => {
  const worker = await aStandardWorker({ mayAttempt: () => ({ kind: 'slow' }) });
  await worker.deliver(aDelivery());
  expect(worker.slow).toEqual([{ delivery: aDelivery() }]);
  expect([worker.queued, worker.deliveries.all(), worker.sent]).toEqual([[], [], []]);
});

it.each([
  ['a planned one', nth(1)],
  ['a manual one', manual],
])('brings an attempt back when its turn comes: %s', async (_, delivery) => {
  const worker = await aStandardWorker({ mayAttempt: waits });
  await worker.deliver(delivery);
  expect(worker.queued).toMatchObject([{ delivery: { ...delivery, notBefore: secondsLater(60) }, delaySeconds: 60 }]);
});
