import { parseJob } from '@posthorn/contracts';
import {
  BusyError,
  type Delivery,
  type LogFields,
  maxReceivesOfFaultyJob,
  PassingError,
  UnusableData,
} from '@posthorn/core';
import type { ReceivedJob } from '@posthorn/queues';
import {
  aDelivery,
  aStoredDelivery,
  ids,
  inMemoryDeliveries,
  nthId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { aJob, aRefusedJob, aWakeJob } from './fixtures/a-job.ts';
import { createRunJobs, type RunJob, type RunWake, refuseWake } from './run-jobs.ts';

interface Faults {
  readonly deadLettersFail?: boolean;
  readonly putError?: Error;
  readonly holdBackError?: Error;
}

function aRunner({ deadLettersFail = false, putError, holdBackError }: Faults = {}) {
  const deliveries = inMemoryDeliveries();
  const dead: string[] = [];
  const bodies: string[] = [];
  const logged: { level: string; event: string; fields: LogFields }[] = [];
  const logAt =
    (level: string) =>
    (event: string, fields: LogFields = {}): void =>
      void logged.push({ level, event, fields });
  const counted: string[] = [];
  const heldBack: number[] = [];
  const runAll = createRunJobs({
    sendToDeadLetters: async ({ id, body }, reason) => {
      if (deadLettersFail) throw new PassingError('the queue is down');
      bodies.push(body);
      dead.push(`${id}: ${reason}`);
    },
    holdBack: async (_, seconds) => {
      if (holdBackError) throw holdBackError;
      heldBack.push(seconds);
    },
    jitter: () => 0.5,
    storeDelivery: async (stored) => {
      if (putError) throw putError;
      return deliveries.put(stored);
    },
    findDelivery: deliveries.find,
    moveOn: deliveries.moveOn,
    clock: () => startOfTests,
    log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
    counters: { add: (name) => void counted.push(name) },
  });
  const runJobs = (jobs: readonly ReceivedJob[], run: RunJob, wake: RunWake = refuseWake) =>
    runAll(jobs, { delivery: run, wake });
  return { runJobs, dead, bodies, logged, counted, deliveries, heldBack };
}

/** Runs every job but the nth, which throws. */
const throwing =
  (n: number, error: unknown, ran: number[] = []): RunJob =>
  async ({ job }) => {
    ran.push(Number(job.id));
    if (job.id === String(n)) throw error;
    return 'done';
  };

describe('a batch of jobs', () => {
  it('returns nothing to the queue when everything is done', async () => {
    expect(await aRunner().runJobs([aJob(1), aJob(2)], async () => 'done')).toEqual([]);
  });

  it('returns a job with a passing error, and finishes the others', async () => {
    const { runJobs, logged, dead } = aRunner();
    const ran: number[] = [];
    const error = new PassingError('the table is down');
    expect(await runJobs([aJob(1), aJob(2), aJob(3)], throwing(2, error, ran))).toEqual(['2']);
    expect(ran.toSorted()).toEqual([1, 2, 3]);
    expect(dead).toEqual([]);
    expect(logged).toEqual([
      {
        level: 'warn',
        event: 'delivery.failed',
        fields: expect.objectContaining({ jobId: '2', messageId: nthId('message', 2), fault: 'passing', error }),
      },
    ]);
  });

  it('lets a job come back some seconds later for which something was too busy, more each time, and never ends it', async () => {
    const { runJobs, heldBack, dead, logged } = aRunner();
    for (const receives of [1, 2, 10, maxReceivesOfFaultyJob + 1])
      expect(await runJobs([aJob(1, { receives })], throwing(1, new BusyError('too much')))).toEqual(['1']);
    expect(heldBack).toEqual([3.5, 6, 26, 61]);
    expect(dead).toEqual([]);
    expect(logged.map(({ level }) => level)).toEqual(['info', 'info', 'info', 'info']);
  });

  it('lets such a job come back later if the queue does not hold it back', async () => {
    const { runJobs, logged } = aRunner({ holdBackError: new PassingError('the queue is down') });
    expect(await runJobs([aJob(1)], throwing(1, new BusyError('too much')))).toEqual(['1']);
    expect(logged.map(({ event }) => event)).toEqual(['delivery.waits', 'delivery.not_held_back']);
  });

  it('returns a job that fails by our own fault, and logs the fault with the ids of its delivery', async () => {
    const { runJobs, logged, dead } = aRunner();
    const error = new TypeError('x is not a function');
    expect(await runJobs([aJob(1), aJob(2)], throwing(1, error))).toEqual(['1']);
    expect(dead).toEqual([]);
    const { messageId, endpointId, attemptNumber } = aJob(1).content.delivery;
    expect(logged).toEqual([
      {
        level: 'error',
        event: 'delivery.failed',
        fields: { jobId: '1', messageId, endpointId, attemptNumber, fault: 'own', receives: 1, error },
      },
    ]);
  });

  it('sets a job aside that has failed by our own fault for an hour', async () => {
    const { runJobs, dead } = aRunner();
    const job = aJob(1, { receives: maxReceivesOfFaultyJob });
    expect(await runJobs([job], throwing(1, new TypeError('whsec_secret')))).toEqual([]);
    expect(dead).toEqual(['1: fault in Posthorn: TypeError']);
  });

  it('sets a job with unusable data aside at once, and logs the reason', async () => {
    const { runJobs, dead, logged, counted } = aRunner();
    expect(
      await runJobs([aJob(1), aJob(2)], throwing(1, new UnusableData('row has an invalid attribute: at'))),
    ).toEqual([]);
    expect(dead).toEqual(['1: row has an invalid attribute: at']);
    expect(logged.map(({ event }) => event)).toEqual(['delivery.failed', 'delivery.set_aside']);
    expect(logged[1]?.fields).toMatchObject({
      messageId: nthId('message', 1),
      reason: 'row has an invalid attribute: at',
    });
    expect(counted).toEqual(['DeliveriesSetAside']);
  });

  it('sets aside what is not a delivery job, and finishes it', async () => {
    const { runJobs, dead, logged } = aRunner();
    const ran: number[] = [];
    expect(await runJobs([aRefusedJob(1, 'not a delivery job'), aJob(2)], throwing(0, undefined, ran))).toEqual([]);
    expect(ran).toEqual([2]);
    expect(dead).toEqual(['1: not a delivery job']);
    expect(logged).toEqual([
      { level: 'error', event: 'delivery.set_aside', fields: { jobId: '1', reason: 'not a delivery job' } },
    ]);
  });

  it('returns a job that cannot be set aside now, and no other', async () => {
    const { runJobs, logged } = aRunner({ deadLettersFail: true });
    expect(await runJobs([aRefusedJob(1, 'not a delivery job'), aJob(2)], async () => 'done')).toEqual(['1']);
    expect(logged.map(({ event }) => event)).toEqual(['delivery.not_set_aside']);
  });

  describe('sets a delivery aside', () => {
    const unusable = new UnusableData('row has an invalid attribute: at');
    const retry: Delivery = aDelivery({ messageId: nthId('message', 1), attemptNumber: 3 });
    const failing = throwing(1, unusable);

    it('that was tried before: its row says that it has failed', async () => {
      const { runJobs, deliveries } = aRunner();
      await deliveries.put(aStoredDelivery({ state: 'planned', reason: 'retry' }, retry));
      expect(await runJobs([aJob(1, { delivery: retry })], failing)).toEqual([]);
      const ended = { state: 'failed', reason: 'set_aside', delivery: retry, since: startOfTests };
      expect(deliveries.all()).toEqual([ended]);
    });

    it('that was deferred before its first attempt: its row says so too', async () => {
      const { runJobs, deliveries } = aRunner();
      const deferred = aDelivery({ messageId: nthId('message', 1), notBefore: startOfTests });
      await runJobs([aJob(1, { delivery: deferred })], failing);
      expect(deliveries.all()).toMatchObject([{ state: 'failed', reason: 'set_aside' }]);
    });

    it('at its first attempt too, and its job says that it is stored', async () => {
      const { runJobs, deliveries, bodies } = aRunner();
      const delivery = aDelivery({ messageId: nthId('message', 1) });
      await runJobs([aJob(1, { delivery })], failing);
      const asStored = { ...delivery, notBefore: startOfTests };
      expect(deliveries.all()).toMatchObject([{ state: 'failed', reason: 'set_aside', delivery: asStored }]);
      expect(bodies.map(parseJob)).toEqual([{ kind: 'delivery', delivery: asStored }]);
    });

    it('without a row if it was asked for by hand', async () => {
      const { runJobs, deliveries, dead } = aRunner();
      await runJobs([aJob(1, { delivery: { ...retry, trigger: 'manual' } })], failing);
      expect([dead.length, deliveries.all()]).toEqual([1, []]);
    });

    it('with its next attempt, if that is stored and its job could not be sent', async () => {
      const { runJobs, deliveries } = aRunner();
      const next = { ...retry, attemptNumber: 4, scheduledAt: secondsLater(60) };
      await deliveries.put(aStoredDelivery({ state: 'planned', reason: 'retry' }, next));
      await runJobs([aJob(1, { delivery: retry })], failing);
      expect(deliveries.all()).toMatchObject([{ state: 'failed', reason: 'set_aside', delivery: next }]);
    });

    it.each([
      ['a later attempt', { state: 'planned', reason: 'retry' }, 5],
      ['an attempt that is held', { state: 'held', reason: 'endpoint-failing' }, 4],
      ['an attempt that has failed', { state: 'failed', reason: 'exhausted' }, 4],
    ] as const)('beside %s: that is the concern of another job', async (_, status, attemptNumber) => {
      const { runJobs, deliveries } = aRunner();
      const stored = aStoredDelivery(status, { ...retry, attemptNumber });
      await deliveries.put(stored);
      await runJobs([aJob(1, { delivery: retry })], failing);
      expect(deliveries.all()).toEqual([stored]);
    });

    it('and logs that its row cannot be used, but does not come back for that', async () => {
      const { runJobs, dead, logged } = aRunner({ putError: unusable });
      expect(await runJobs([aJob(1, { delivery: retry })], failing)).toEqual([]);
      expect(dead).toHaveLength(1);
      expect(logged.map(({ event }) => event)).toContain('delivery.ending_not_stored');
    });

    it('and comes back if the table is down', async () => {
      const { runJobs } = aRunner({ putError: new PassingError('the table is down') });
      expect(await runJobs([aJob(1, { delivery: retry })], failing)).toEqual(['1']);
    });
  });

  it('lets a group go on behind a job that was set aside', async () => {
    const ran: number[] = [];
    const jobs = [aJob(1, { group: 'a' }), aJob(2, { group: 'a' })];
    expect(await aRunner().runJobs(jobs, throwing(1, new UnusableData('no row'), ran))).toEqual([]);
    expect(ran).toEqual([1, 2]);
  });

  it('runs a wake as a wake, and sets it aside on a queue that expects none', async () => {
    const { runJobs, dead, logged } = aRunner();
    const woken: unknown[] = [];
    const noDelivery: RunJob = () => Promise.reject(new Error('this is no delivery'));
    const wake: RunWake = async (job) => {
      woken.push(job.wake);
      return 'done';
    };
    expect(await runJobs([aWakeJob(1)], noDelivery, wake)).toEqual([]);
    expect(woken).toEqual([aWakeJob(1).content.wake]);
    expect(await runJobs([aWakeJob(1, { group: 'a' })], noDelivery)).toEqual([]);
    expect(dead).toEqual(['1: no wake is expected on this queue']);
    expect(logged.map(({ fields }) => fields)).toContainEqual({
      jobId: '1',
      endpointId: ids.endpoint,
      group: 'a',
      epoch: 1,
      reason: 'no wake is expected on this queue',
    });
  });
});
