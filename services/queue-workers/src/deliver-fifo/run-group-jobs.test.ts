import { type AttemptResult, type Endpoint, PassingError, UnusableData } from '@posthorn/core';
import { createThrottleGate } from '@posthorn/delivering';
import { accepted, gone, rejected } from '@posthorn/delivering/fixtures/attempt-world';
import { aDelivery, aMessage, ids, inMemoryThrottles, nthId, secondsLater } from '@posthorn/testing';
import { aGroupWorld, groupOfTests } from '../fixtures/a-group-world.ts';
import { aRefusedJob } from '../fixtures/a-job.ts';
import { createRunGroupJobs } from './run-group-jobs.ts';

const alwaysFailing = [rejected];
const head = (n: number) => nthId('message', n);

describe('a group that flows', () => {
  it('is attempted in order, and leaves nothing in the tables', async () => {
    const world = await aGroupWorld();
    for (const n of [1, 2, 3]) await world.accept(n);
    await world.receive();
    expect(world.sentNumbers()).toEqual([1, 2, 3]);
    expect([world.queue(), world.groups.all(), world.deliveries.all()]).toEqual([[], [], []]);
  });

  it('gives a delivery back at once if no time is left for it', async () => {
    const world = await aGroupWorld();
    await world.accept(1);
    world.outOfTime();
    await world.receive();
    expect(world.queue()).toHaveLength(1);
    expect(world.heldBack).toEqual([0]);
    world.inTime();
    await world.settle();
    expect(world.sentNumbers()).toEqual([1]);
  });
});

describe('a job of a group that failed', () => {
  it('releases those behind it, which wait for it, and delays no other group', async () => {
    const world = await aGroupWorld({ answers: [new PassingError('away'), accepted] });
    await world.accept(1);
    await world.accept(2, `${ids.endpoint}_b`);
    await world.accept(3);
    await world.receive();
    expect(world.heldBack).toEqual([5, 0]);
    expect(world.sentNumbers()).toEqual([1, 2]);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 2, 1, 3]);
  });
});

describe('a group that waits for its head', () => {
  it('holds nothing on the queue, and is woken to the second', async () => {
    const world = await aGroupWorld({ answers: [rejected, accepted] });
    for (const n of [1, 2]) await world.accept(n);
    await world.receive();
    await world.accept(3);
    await world.receive();
    expect(world.queue()).toEqual([]);
    expect(world.hints).toEqual([5]);
    expect(world.due.allWakes()).toMatchObject([{ at: secondsLater(5), group: groupOfTests }]);
    expect(world.groups.allParked().map(({ delivery }) => delivery.messageId)).toEqual([1, 2, 3].map(head));
    expect(world.groups.all()).toMatchObject([{ state: 'waiting', reason: 'retry', head: head(1), attempt: 2 }]);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 2, 3]);
    expect(world.groups.all()).toEqual([]);
  });

  it('does not delay other groups', async () => {
    const world = await aGroupWorld({ answers: [rejected, accepted] });
    await world.accept(1);
    await world.accept(2, `${ids.endpoint}_b`);
    await world.receive();
    expect(world.sentNumbers()).toEqual([1, 2]);
    expect(world.groups.all()).toHaveLength(1);
  });

  it('is drained in slices when a worker runs out of time', async () => {
    const world = await aGroupWorld({ answers: [rejected, accepted] });
    for (const n of [1, 2, 3]) await world.accept(n);
    await world.receive();
    world.moveTo(secondsLater(5));
    await world.release();
    world.outOfTime();
    await world.receive();
    expect(world.queue()).toMatchObject([{ content: { kind: 'wake', wake: { slice: 1 } } }]);
    world.inTime();
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 2, 3]);
  });

  it('holds a wake back that comes before its time', async () => {
    const world = await aGroupWorld({ answers: [rejected, accepted] });
    await world.accept(1);
    await world.receive();
    world.moveTo(secondsLater(5));
    await world.release();
    world.moveTo(secondsLater(2));
    await world.receive();
    expect(world.heldBack).toEqual([3]);
    expect(world.queue()).toHaveLength(1);
    world.moveTo(secondsLater(5));
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1]);
  });

  it('drops a copy of a delivery that comes late, at its place', async () => {
    const world = await aGroupWorld({ answers: [accepted, rejected, accepted] });
    await world.accept(1);
    await world.receive();
    for (const n of [2, 1, 3]) await world.accept(n);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 2, 2, 3]);
  });
});

describe('an endpoint that accepts a message and asks to be disabled', () => {
  const asks: AttemptResult = { ...accepted, outcome: { kind: 'accepted', status: 200, asks: 'disable' } };

  it('is disabled, and gets the message once, also when it is enabled again', async () => {
    const world = await aGroupWorld({ answers: [asks, accepted] });
    for (const n of [1, 2]) await world.accept(n);
    await world.receive();
    expect(world.endpoints.all()).toMatchObject([{ disabled: true }]);
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'endpoint-disabled', head: head(2) }]);
    const [endpoint] = world.endpoints.all();
    if (endpoint) await world.endpoints.update({ ...endpoint, disabled: false }, endpoint);
    world.command({ action: 'attempt', head: head(2), attempt: 1 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 2]);
    expect([world.deliveries.all(), world.dead]).toEqual([[], []]);
  });

  it('is disabled also if the worker dies behind the record of the attempt', async () => {
    for (let call = 1; ; call += 1) {
      const world = await aGroupWorld({ answers: [asks], death: { call, when: 'after' } });
      await world.accept(1);
      await world.settle();
      expect(world.endpoints.all()).toMatchObject([{ disabled: true }]);
      if (world.life.calls < call) break;
      expect(call).toBeLessThan(20);
    }
  });
});

describe('a group whose head has used up its retries', () => {
  const blocked = async () => {
    const world = await aGroupWorld({ answers: alwaysFailing });
    for (const n of [1, 2]) await world.accept(n);
    await world.settle();
    return world;
  };

  it('is blocked, without a wake, and says so', async () => {
    const world = await blocked();
    expect(world.sentNumbers()).toEqual([1, 1, 1, 1]);
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'exhausted', head: head(1), attempt: 5 }]);
    expect(world.due.allWakes()).toEqual([]);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'group.blocked', messageId: head(1) }));
  });

  it('goes on without its head if the head is skipped, which is then among the dead letters and the failed ones', async () => {
    const world = await blocked();
    world.command({ action: 'skip', head: head(1), attempt: 5 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(world.dead).toEqual([{ id: `${head(1)}_${ids.endpoint}`, reason: 'skipped by request' }]);
    expect(world.deliveries.all()).toMatchObject([{ state: 'failed', reason: 'skipped' }]);
    const line = { event: 'delivery.set_aside', messageId: head(1), endpointId: ids.endpoint, attemptNumber: 5 };
    expect(world.logged).toContainEqual(expect.objectContaining({ ...line, reason: 'skipped by request' }));
    expect(world.counted).toMatchObject({ DeliveriesSetAside: 1 });
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', head: head(2) }]);
  });

  it('makes one attempt more if it is asked to, and is blocked again if that fails', async () => {
    const world = await blocked();
    world.command({ action: 'attempt', head: head(1), attempt: 5 });
    world.command({ action: 'attempt', head: head(1), attempt: 5 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 1, 1, 1]);
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', attempt: 6 }]);
  });

  it('goes on without an attempt of its head, and without a dead letter, if that was accepted by hand', async () => {
    const world = await blocked();
    world.command({ action: 'leave', head: head(1), attempt: 5 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect([world.dead, world.deliveries.all()]).toEqual([[], []]);
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', head: head(2) }]);
  });

  it('goes on without an attempt if exhausted heads no longer block, and its head ends as it would have then', async () => {
    const world = await blocked();
    await changeEndpoint(world, { order: { onExhausted: 'skip' } });
    world.command({ action: 'give-up', head: head(1), attempt: 5 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(world.dead.map(({ reason }) => reason)).toEqual(['retries exhausted', 'retries exhausted']);
    const ended = { state: 'failed', reason: 'exhausted' };
    expect(world.deliveries.all()).toMatchObject([ended, ended]);
    expect(world.groups.all()).toEqual([]);
  });

  it.each(['leave', 'give-up'] as const)('ignores the command to %s while it waits', async (action) => {
    const world = await aGroupWorld({ answers: alwaysFailing });
    for (const n of [1, 2]) await world.accept(n);
    await world.receive();
    world.command({ action, head: head(1), attempt: 2 });
    await world.receive();
    expect(world.sentNumbers()).toEqual([1]);
    expect(world.groups.all()).toMatchObject([{ state: 'waiting', head: head(1), attempt: 2 }]);
  });

  it('ignores a command for a head that is gone', async () => {
    const world = await blocked();
    world.command({ action: 'skip', head: head(2), attempt: 1 });
    await world.settle();
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', head: head(1) }]);
  });

  it('goes on by itself if the policy is skip', async () => {
    const world = await aGroupWorld({
      answers: [rejected, rejected, rejected, rejected, accepted],
      endpoint: { order: { onExhausted: 'skip' } },
    });
    for (const n of [1, 2]) await world.accept(n);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 1, 1, 2]);
    expect(world.dead).toEqual([{ id: `${head(1)}_${ids.endpoint}`, reason: 'retries exhausted' }]);
    expect(world.deliveries.all()).toMatchObject([{ state: 'failed', reason: 'exhausted' }]);
  });
});

describe('a group of an endpoint', () => {
  it('that is disabled keeps what is parked, and goes on when it is enabled', async () => {
    const world = await aGroupWorld({ answers: [gone, accepted] });
    for (const n of [1, 2]) await world.accept(n);
    await world.settle();
    expect(world.endpoints.all()).toMatchObject([{ disabled: true }]);
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'endpoint-disabled', attempt: 2 }]);
    const [endpoint] = world.endpoints.all();
    if (endpoint) await world.endpoints.update({ ...endpoint, disabled: false }, endpoint);
    world.command({ action: 'attempt', head: head(1), attempt: 2 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 2]);
    expect(world.groups.all()).toEqual([]);
  });

  it('that was enabled before its group was blocked is looked at once more', async () => {
    const world = await aGroupWorld({ endpoint: { disabled: true } });
    await world.accept(1);
    await world.receive();
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'endpoint-disabled' }]);
    const [endpoint] = world.endpoints.all();
    if (endpoint) await world.endpoints.update({ ...endpoint, disabled: false }, endpoint);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1]);
  });

  it('that is deleted ends with a receipt for each delivery', async () => {
    const world = await aGroupWorld({ answers: alwaysFailing });
    for (const n of [1, 2]) await world.accept(n);
    await world.receive();
    for (const endpoint of world.endpoints.all()) await world.endpoints.delete(endpoint, world.clock());
    await world.settle();
    expect(world.deliveries.all()).toMatchObject([1, 2].map(() => ({ state: 'canceled', reason: 'endpoint_deleted' })));
    expect(world.counted).toMatchObject({ DeliveriesCanceled: 2 });
    expect(world.logged).toContainEqual(
      expect.objectContaining({ event: 'delivery.canceled', messageId: head(2), reason: 'endpoint_deleted' }),
    );
    expect(world.groups.all()).toEqual([]);
  });

  it('waits while the endpoint is throttled, without an attempt', async () => {
    let asked = 0;
    const slot = { of: 'all', rates: { endpoint: 5 }, tries: 1 } as const;
    const mayAttempt = () => {
      asked += 1;
      return asked === 1
        ? ({ kind: 'wait', until: secondsLater(3), slot, reason: 'throttled' } as const)
        : ({ kind: 'go' } as const);
    };
    const world = await aGroupWorld({ mayAttempt });
    for (const n of [1, 2]) await world.accept(n);
    await world.receive();
    expect(world.groups.all()).toMatchObject([{ reason: 'throttled', attempt: 1, notBefore: secondsLater(3) }]);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 2]);
    expect(world.attempts.all().map(({ attemptNumber }) => attemptNumber)).toEqual([1, 1]);
  });
});

describe('groups of a slow endpoint', () => {
  it('wait for their turn in a table, for that reason, and are attempted at the rate of slow destinations', async () => {
    let clock = () => secondsLater(0);
    const mayAttempt = createThrottleGate({
      reserve: inMemoryThrottles().reserve,
      findApplicationRate: async () => undefined,
      slowRate: 2,
      clock: () => clock(),
      sleep: async () => undefined,
    });
    const world = await aGroupWorld({
      mayAttempt,
      endpoint: { health: { failures: 0, slowUntil: secondsLater(600) } },
    });
    clock = world.clock;
    for (const n of [1, 2, 3, 4, 5]) await world.accept(n, `${ids.endpoint}_${n}`);
    await world.receive();
    expect(world.sentNumbers()).toEqual([1, 2, 3]);
    expect(world.queue()).toEqual([]);
    expect(world.groups.all()).toMatchObject(
      [1.5, 2].map((at) => ({ state: 'waiting', reason: 'endpoint-slow', notBefore: secondsLater(at), attempt: 1 })),
    );
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'group.waits', reason: 'endpoint-slow' }));
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 2, 3, 4, 5]);
    expect(world.groups.all()).toEqual([]);
  });
});

describe('an attempt that someone asked for', () => {
  it.each(['throttled', 'endpoint-slow', 'endpoint-failing'] as const)(
    'is made as soon as its group is no longer %s',
    async (reason) => {
      let asked = 0;
      const mayAttempt = () => {
        asked += 1;
        const slot = { of: 'all', rates: { endpoint: 5 }, tries: 1 } as const;
        if (asked !== 2) return { kind: 'go' } as const;
        return reason !== 'endpoint-failing'
          ? ({ kind: 'wait', until: secondsLater(3), slot, reason } as const)
          : ({ kind: 'hold', until: secondsLater(3), reason } as const);
      };
      const world = await aGroupWorld({ answers: [rejected, accepted], mayAttempt });
      await world.accept(1);
      await world.receive();
      world.command({ action: 'attempt', head: head(1), attempt: 2 });
      await world.receive();
      expect(world.groups.all()).toMatchObject([{ reason, attempt: 2, notBefore: secondsLater(3) }]);
      world.moveTo(secondsLater(3));
      await world.release();
      await world.receive();
      expect(world.sentNumbers()).toEqual([1, 1]);
      expect(world.groups.all()).toEqual([]);
    },
  );
});

describe('a job of a group that always throws', () => {
  it('by our own fault is tried three times, and then blocks its group with that reason', async () => {
    const world = await aGroupWorld({ answers: [new TypeError('x is not a function')] });
    for (const n of [1, 2]) await world.accept(n);
    await world.settle();
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'fault', head: head(1) }]);
    expect(world.dead).toEqual([]);
    expect(world.attempts.all()).toEqual([]);
    expect(world.heldBack.filter((seconds) => seconds > 0)).toEqual([5, 10]);
  });

  it('because it kills its worker is not run any more, and blocks its group with that reason', async () => {
    const world = await aGroupWorld({ answers: [accepted] });
    for (const n of [1, 2]) await world.accept(n);
    const [job] = world.queue();
    if (!job) throw new Error('there is no job');
    expect(await createRunGroupJobs(world.deps)([job], () => true, new Set([job.id]))).toEqual([]);
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'fault', head: head(1) }]);
    expect([world.sent, world.dead]).toEqual([[], []]);
  });

  it('is tried again if it is our own fault at a later message, although its job began with a command', async () => {
    const failing = [rejected, rejected, rejected, rejected, accepted];
    const world = await aGroupWorld({ answers: [...failing, new TypeError('x is not a function'), accepted] });
    for (const n of [1, 2]) await world.accept(n);
    await world.settle();
    world.command({ action: 'attempt', head: head(1), attempt: 5 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 1, 1, 1, 2, 2]);
    expect(world.groups.all()).toEqual([]);
  });

  it('by our own fault ends if its endpoint is deleted, however late that is seen', async () => {
    const world = await aGroupWorld({ answers: [new TypeError('x is not a function')] });
    const attemptInOrder = () => Promise.reject(new TypeError('x is not a function'));
    for (const n of [1, 2]) await world.accept(n);
    for (const endpoint of world.endpoints.all()) await world.endpoints.delete(endpoint, world.clock());
    const runJobs = createRunGroupJobs({ ...world.deps, attemptInOrder });
    const jobs = world.queue().map((job) => ({ ...job, receives: 3 }));
    expect(await runJobs(jobs, () => true)).toEqual([]);
    expect(world.groups.all()).toEqual([]);
    expect(world.deliveries.all()).toMatchObject([1, 2].map(() => ({ state: 'canceled', reason: 'endpoint_deleted' })));
  });

  it('for data of the endpoint that cannot be used blocks its group, whatever the policy', async () => {
    const reason = 'the endpoint has an invalid URL';
    const endpoint = { order: { onExhausted: 'skip' as const } };
    const world = await aGroupWorld({ answers: [new UnusableData(reason), accepted], endpoint });
    for (const n of [1, 2]) await world.accept(n);
    await world.settle();
    expect(world.groups.all()).toMatchObject([
      { state: 'blocked', reason: 'unusable', head: head(1), attempt: 1, detail: reason },
    ]);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'group.blocked', detail: reason }));
    expect([world.dead, world.deliveries.all()]).toEqual([[], []]);
    world.command({ action: 'attempt', head: head(1), attempt: 1 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 2]);
    expect(world.groups.all()).toEqual([]);
  });

  const unusableMessage = async (onExhausted: 'block' | 'skip') => {
    const world = await aGroupWorld({ endpoint: { order: { onExhausted } }, unreadableMessage: head(1) });
    for (const n of [1, 2]) await world.accept(n);
    await world.settle();
    return world;
  };
  const asideRow = [{ state: 'failed', reason: 'set_aside', delivery: { messageId: head(1) } }];
  const letter = [{ id: `${head(1)}_${ids.endpoint}`, reason: 'row has an invalid attribute: body' }];

  it('for data of its message that cannot be used blocks its group, which goes on when it is set aside', async () => {
    const world = await unusableMessage('block');
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'unusable', head: head(1) }]);
    expect([world.sentNumbers(), world.dead]).toEqual([[], []]);
    world.command({ action: 'skip', head: head(1), attempt: 1 });
    await world.settle();
    expect([world.sentNumbers(), world.dead, world.groups.all()]).toEqual([[2], letter, []]);
    expect(world.deliveries.all()).toMatchObject(asideRow);
  });

  it('for data of its message that cannot be used is set aside if the policy is skip', async () => {
    const world = await unusableMessage('skip');
    expect([world.sentNumbers(), world.dead, world.groups.all()]).toEqual([[2], letter, []]);
    expect(world.deliveries.all()).toMatchObject(asideRow);
    expect(world.counted).toMatchObject({ DeliveriesSetAside: 1 });
  });

  it('because it is no job is set aside', async () => {
    const world = await aGroupWorld();
    const job = { ...aRefusedJob(1, 'not a job'), group: groupOfTests, sequence: '1' };
    expect(await createRunGroupJobs(world.deps)([job], () => true)).toEqual([]);
    expect(world.dead).toEqual([{ id: '1', reason: 'not a job' }]);
  });

  const withUnreadable = async (messageId: string | undefined, onExhausted: 'block' | 'skip' = 'block') => {
    const world = await aGroupWorld({ answers: [rejected, accepted], endpoint: { order: { onExhausted } } });
    for (const n of [1, 2]) await world.accept(n);
    await world.messages.insert(aMessage({ messageId: head(3) }));
    await world.receive();
    const row = { place: '00000000000000000001.5', ...(messageId !== undefined && { messageId }) };
    world.groups.addUnreadable({ endpointId: ids.endpoint, group: groupOfTests }, row);
    await world.settle();
    return world;
  };
  const unreadable = 'row has an invalid attribute: at';

  it('is blocked by a parked row that cannot be read, until that is set aside as a job', async () => {
    const world = await withUnreadable(head(3));
    expect(world.sentNumbers()).toEqual([1, 1]);
    const blocked = { state: 'blocked', reason: 'unusable', head: head(3), detail: unreadable };
    expect(world.groups.all()).toMatchObject([blocked]);
    world.command({ action: 'attempt', head: head(3), attempt: 1 });
    await world.settle();
    expect([world.sentNumbers(), world.groups.all()]).toMatchObject([[1, 1], [blocked]]);
    world.command({ action: 'skip', head: head(3), attempt: 1 });
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 2]);
    expect(world.dead).toEqual([{ id: `${head(3)}_${ids.endpoint}`, reason: unreadable }]);
    expect(world.deliveries.all()).toMatchObject([{ state: 'failed', reason: 'set_aside' }]);
  });

  it('goes on without a parked row that cannot be read if the policy is skip', async () => {
    const world = await withUnreadable(head(3), 'skip');
    expect([world.sentNumbers(), world.groups.all()]).toEqual([[1, 1, 2], []]);
    expect(world.dead).toEqual([{ id: `${head(3)}_${ids.endpoint}`, reason: unreadable }]);
  });

  it('stays blocked by a parked row that does not name its message, also if it is to be skipped', async () => {
    const world = await withUnreadable(undefined, 'skip');
    const [group] = world.groups.all();
    expect(group).toMatchObject({ state: 'blocked', reason: 'unusable', detail: unreadable });
    world.command({ action: 'skip', head: group?.head ?? '', attempt: 1 });
    await world.settle();
    expect([world.sentNumbers(), world.dead]).toEqual([[1, 1], []]);
    expect(world.groups.all()).toMatchObject([{ state: 'blocked', reason: 'unusable' }]);
  });
});

describe('a job that the version before held back on the queue', () => {
  it('is parked when it comes out, and goes on where its records say', async () => {
    const world = await aGroupWorld({ answers: [rejected, accepted] });
    await world.accept(1);
    // That version made the first attempt, and kept the job at the head of its group.
    await world.deps.attemptInOrder({ delivery: aDelivery({ messageId: head(1) }) });
    await world.accept(2);
    await world.receive();
    expect(world.queue()).toEqual([]);
    expect(world.groups.all()).toMatchObject([{ state: 'waiting', attempt: 2, notBefore: secondsLater(5) }]);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 1, 2]);
  });
});

const answersOf = {
  'a retry': [rejected, accepted],
  'a skip': [rejected, rejected, rejected, rejected, accepted],
  'an endpoint that is gone': [gone, accepted],
} as const;

describe('a worker of a group that dies', () => {
  it.each(
    Object.keys(answersOf).flatMap((scenario) =>
      (['before', 'after'] as const).map((when) => [when, scenario] as const),
    ),
  )('%s each of its steps loses nothing and keeps the order: %s', async (when, scenario) => {
    let deaths = 0;
    for (let call = 1; ; call += 1) {
      const answers = answersOf[scenario as keyof typeof answersOf];
      const endpoint = { order: { onExhausted: 'skip' as const } };
      const world = await aGroupWorld({ answers, endpoint, death: { call, when } });
      for (const n of [1, 2, 3]) await world.accept(n);
      await world.settle();
      if (scenario === 'an endpoint that is gone') await enable(world);
      const numbers = world.sentNumbers();
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      const through = new Set(
        world.attempts
          .all()
          .filter(({ next }) => next.kind === 'done')
          .map(({ messageId }) => messageId),
      );
      const skipped = new Set(world.deliveries.all().map(({ delivery }) => delivery.messageId));
      expect([...through, ...skipped].toSorted()).toEqual([1, 2, 3].map(head).toSorted());
      expect([world.groups.all(), world.groups.allParked(), world.due.allWakes()]).toEqual([[], [], []]);
      if (world.life.calls < call) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(10);
  });
});

describe('a worker that dies while a head leaves its group', () => {
  it.each(
    (['leave', 'give-up'] as const).flatMap((action) =>
      (['before', 'after'] as const).map((when) => [when, action] as const),
    ),
  )('%s each of its steps keeps the order, and sends an accepted head no more: %s', async (when, action) => {
    for (let call = 1; ; call += 1) {
      const world = await aGroupWorld({ answers: [rejected, rejected, rejected, rejected, accepted] });
      for (const n of [1, 2]) await world.accept(n);
      await world.settle();
      world.dieAt({ call: world.life.calls + call, when });
      const end = world.life.calls + call;
      await changeEndpoint(world, { order: { onExhausted: 'skip' } });
      world.command({ action, head: head(1), attempt: 5 });
      await world.settle();
      const numbers = world.sentNumbers();
      expect(numbers).toEqual(numbers.toSorted());
      expect(numbers).toContain(2);
      if (action === 'leave') expect(numbers.filter((n) => n === 1)).toHaveLength(4);
      expect([world.groups.all(), world.groups.allParked(), world.due.allWakes()]).toEqual([[], [], []]);
      if (world.life.calls < end) break;
      expect(call).toBeLessThan(50);
    }
  });
});

async function changeEndpoint(
  { endpoints }: Awaited<ReturnType<typeof aGroupWorld>>,
  change: Partial<Endpoint>,
): Promise<void> {
  const [endpoint] = endpoints.all();
  if (endpoint) await endpoints.update({ ...endpoint, ...change }, endpoint);
}

async function enable(world: Awaited<ReturnType<typeof aGroupWorld>>): Promise<void> {
  const [endpoint] = world.endpoints.all();
  if (endpoint?.disabled) await world.endpoints.update({ ...endpoint, disabled: false }, endpoint);
  for (const { head: message, attempt } of world.groups.all())
    world.command({ action: 'attempt', head: message, attempt });
  await world.settle();
}
