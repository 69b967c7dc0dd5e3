import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PassingError } from '@posthorn/core';
import { createInProcessClient, type EmbeddedDynamodb, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { createJobRunRepository } from '@posthorn/models/job-runs';
import { createTables } from '@posthorn/models/tables';
import type { ReceivedJob } from '@posthorn/queues';
import { secondsLater, startOfTests } from '@posthorn/testing';
import { aJob } from './fixtures/a-job.ts';
import { createGuardBatch } from './guard-batch.ts';

const died = new Error('the worker died');
let store: EmbeddedDynamodb;
let jobRuns: ReturnType<typeof createJobRunRepository>;
beforeEach(async () => {
  store = await openEmbeddedDynamodb();
  // It takes the place of the SDK's client.
  const client = createInProcessClient(store, { pauseMs: () => 0 }) as unknown as DynamoDBClient;
  await createTables(client, 'test');
  jobRuns = createJobRunRepository({ client, stage: 'test' });
});
afterEach(() => store.close());

/** A queue that hands out ten jobs at a time, and workers that die if they run one of the poisonous jobs. */
function aWorld(
  count: number,
  poison: readonly string[],
  { groupOf, betweenReceivesSeconds = 240 }: { groupOf?: (n: number) => string; betweenReceivesSeconds?: number } = {},
) {
  let jobs: readonly ReceivedJob[] = Array.from({ length: count }, (_, n) => ({
    ...aJob(n, groupOf && { group: groupOf(n) }),
    receives: 0,
  }));
  const ran: (readonly string[])[] = [];
  const ended: string[] = [];
  let [receives, stoodStillSeconds, isHealed] = [0, 0, false];
  const setAside: string[] = [];
  const held: [id: string, seconds: number][] = [];
  const guard = createGuardBatch({
    jobRuns,
    holdBack: async ({ receiptHandle }, seconds) => void held.push([receiptHandle.slice('handle-'.length), seconds]),
    clock: () => secondsLater(receives * betweenReceivesSeconds + stoodStillSeconds),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  /** One batch. Nothing of it is deleted if its worker dies. */
  const receive = async (size = 10): Promise<void> => {
    receives += 1;
    const batch = jobs.slice(0, size).map((job) => ({ ...job, receives: job.receives + 1 }));
    const others = jobs.slice(size);
    jobs = [...others, ...batch];
    try {
      const back = await guard(batch, async (some, doomed) => {
        const run = some.filter(({ id }) => !doomed.has(id)).map(({ id }) => id);
        ran.push(run);
        if (!isHealed && run.some((id) => poison.includes(id))) throw died;
        setAside.push(...some.filter(({ id }) => doomed.has(id)).map(({ id }) => id));
        ended.push(...run);
        return [];
      });
      jobs = [...others, ...batch.filter(({ id }) => back.includes(id))];
    } catch (error) {
      if (error !== died) throw error;
    }
  };
  return {
    receive,
    ran,
    ended,
    setAside,
    held,
    left: () => jobs.map(({ id }) => id),
    standStill: (seconds: number) => {
      stoodStillSeconds += seconds;
    },
    heal: () => {
      isHealed = true;
    },
  };
}

describe('jobs that may kill their worker', () => {
  it('take the others of their batch with them three times, and are set aside after three deaths in turn', async () => {
    const world = aWorld(10, ['4']);
    for (let n = 0; n < 40 && world.left().length > 0; n += 1) await world.receive();
    expect(world.setAside).toEqual(['4']);
    expect(world.ended.toSorted()).toEqual(['0', '1', '2', '3', '5', '6', '7', '8', '9']);
    const deaths = world.ran.filter((run) => run.includes('4')).map((run) => run.length);
    expect(deaths).toEqual([10, 10, 10, 1, 1, 1, 1]);
    expect((await jobRuns.find(['0', '1', '9'])).size).toBe(0);
  });

  it('are not set aside while their workers die again and again within minutes: the cause may be another one', async () => {
    const world = aWorld(1, ['0'], { betweenReceivesSeconds: 5 });
    for (let n = 0; n < 100; n += 1) await world.receive();
    expect(world.setAside).toEqual([]);
    for (let n = 0; n < 30 && world.left().length > 0; n += 1) await world.receive();
    expect(world.setAside).toEqual(['0']);
  });

  it('are not set aside because time has passed: while their machine stood still they had no turn', async () => {
    const world = aWorld(1, ['0'], { betweenReceivesSeconds: 5 });
    for (let n = 0; n < 20; n += 1) await world.receive();
    world.standStill(3600);
    world.heal();
    await world.receive();
    expect([world.setAside, world.ended]).toEqual([[], ['0']]);
  });

  it('are all found, if a batch has several', async () => {
    const world = aWorld(20, ['2', '3', '15']);
    for (let n = 0; n < 80 && world.left().length > 0; n += 1) await world.receive();
    expect(world.setAside.toSorted()).toEqual(['15', '2', '3']);
    expect(world.ended).toHaveLength(17);
  });

  it('give the others of their batch back at once, before they run', async () => {
    const world = aWorld(3, ['0']);
    for (let n = 0; n < 4; n += 1) await world.receive();
    expect(world.ran.at(-1)).toEqual(['0']);
    expect(world.held).toEqual([
      ['1', 0],
      ['2', 0],
    ]);
  });

  it('do not run before others of their group', async () => {
    const world = aWorld(3, ['1'], { groupOf: () => 'g' });
    for (let n = 0; n < 4; n += 1) await world.receive();
    expect(world.ran.at(-1)).toEqual(['0']);
    for (let n = 0; n < 20 && world.left().length > 0; n += 1) await world.receive();
    expect(world.ended).toEqual(['0', '2']);
    expect(world.setAside).toEqual(['1']);
  });
});

describe('a job that comes back again and again', () => {
  it('runs with others as long as its runs end, and leaves no note', async () => {
    const guard = createGuardBatch({
      jobRuns,
      holdBack: async () => undefined,
      clock: () => startOfTests,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    const ran: number[] = [];
    for (let receives = 1; receives < 300; receives += 60) {
      const batch = [aJob(1, { receives }), aJob(2, { receives })];
      const back = await guard(batch, async (jobs) => {
        ran.push(jobs.length);
        return jobs.map(({ id }) => id);
      });
      expect(back).toEqual(['1', '2']);
    }
    expect(ran).toEqual([2, 2, 2, 2, 2]);
    expect((await jobRuns.find(['1', '2'])).size).toBe(0);
  });

  it('costs no call before its third receive', async () => {
    const none = () => Promise.reject(new PassingError('a call too many'));
    const guard = createGuardBatch({
      jobRuns: { find: none, begin: none, end: none },
      holdBack: none,
      clock: () => startOfTests,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    expect(await guard([aJob(1), aJob(2, { receives: 2 })], async () => ['2'])).toEqual(['2']);
  });

  it('waits while another one runs in turn in the same process', async () => {
    const held: unknown[] = [];
    const guard = createGuardBatch({
      jobRuns,
      holdBack: async (_, seconds) => void held.push(seconds),
      clock: () => secondsLater(300),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      turnMs: 0,
    });
    for (const id of ['1', '2']) await jobRuns.begin(id, { how: 'alone', now: startOfTests });
    const open = Promise.withResolvers<readonly string[]>();
    const begun = Promise.withResolvers<void>();
    const first = guard([aJob(1, { receives: 4 })], () => {
      begun.resolve();
      return open.promise;
    });
    await begun.promise;
    expect(await guard([aJob(2, { receives: 4 })], async () => [])).toEqual(['2']);
    expect(held).toEqual([30]);
    open.resolve([]);
    expect(await first).toEqual([]);
    expect(await jobRuns.find(['1', '2'])).toEqual(
      new Map([['2', { all: 1, alone: 1, inTurn: 0, since: startOfTests }]]),
    );
  });

  it('runs alone when the other one has ended', async () => {
    const held: unknown[] = [];
    const guard = createGuardBatch({
      jobRuns,
      holdBack: async (_, seconds) => void held.push(seconds),
      clock: () => secondsLater(300),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    for (const id of ['1', '2']) await jobRuns.begin(id, { how: 'alone', now: startOfTests });
    const open = Promise.withResolvers<readonly string[]>();
    const begun = Promise.withResolvers<void>();
    const first = guard([aJob(1, { receives: 4 })], () => {
      begun.resolve();
      return open.promise;
    });
    await begun.promise;
    const second = guard([aJob(2, { receives: 4 })], async () => []);
    open.resolve([]);
    expect([await first, await second, held]).toEqual([[], [], []]);
  });
});
