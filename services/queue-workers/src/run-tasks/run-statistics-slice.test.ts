import { joinEntries, type StatisticsTask, type UsageWork } from '@posthorn/core';
import {
  aCountedAttempt,
  anApplication,
  anEndpoint,
  aStatisticsTask,
  ids,
  nthId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { aSliceJob, aTaskWorld, runToEnd, setBack } from '../fixtures/a-task-world.ts';

const now = secondsLater(100 * 3_600);
const application = (n: number) => nthId('application', n);
const aTaskOf = (work: StatisticsTask['work']): StatisticsTask =>
  aStatisticsTask({ work, createdAt: now, updatedAt: now });
const aUsageTask = (overrides: Partial<UsageWork> = {}) =>
  aTaskOf({ kind: 'application.stats', since: startOfTests, until: secondsLater(2 * 3_600), ...overrides });
const aSubscriptionsTask = () => aTaskOf({ kind: 'event-type.aggregate' });

/** `partBytes`: how large each stored part of the result was. */
async function aWorld(applicationCount: number) {
  const partBytes: number[] = [];
  const world = aTaskWorld(now, ({ statistics }) => ({
    statistics: {
      ...statistics,
      putResult: async (task, part) => {
        partBytes.push(Buffer.byteLength(JSON.stringify(part.entries)));
        return statistics.putResult(task, part);
      },
    },
  }));
  for (let n = 0; n < applicationCount; n += 1)
    await world.applications.insert(anApplication({ applicationId: application(n), ...(n === 1 && { uid: 'toys' }) }));
  let sequence = 0;
  const count = async (n: number, endpoint: number, second: number, succeeded = true) => {
    sequence += 1;
    const attempt = { applicationId: application(n), endpointId: nthId('endpoint', endpoint), succeeded };
    const attemptedAt = secondsLater(second);
    await world.statistics.count([aCountedAttempt({ ...attempt, attemptedAt, sequenceNumber: String(sequence) })]);
  };
  const run = async (task: StatisticsTask) => {
    await world.tasks.insert(task);
    const ended = await runToEnd(world, task);
    return { ended, result: joinEntries(await world.tasks.readResult(ids.organisation, ids.task)) };
  };
  return { ...world, partBytes, count, runTask: run };
}

describe('the usage of applications', () => {
  it('counts the attempts of each one, failed ones and those at deleted endpoints too, in the hours of the window', async () => {
    const { count, runTask } = await aWorld(3);
    await count(0, 1, 0);
    await count(0, 1, 1, false);
    await count(0, 2, 2 * 3_600 - 1);
    await count(0, 2, 2 * 3_600);
    await count(1, 3, -1);
    await count(1, 3, 3_600);
    const { ended, result } = await runTask(aUsageTask());
    expect(ended).toMatchObject({ status: 'finished', counted: 3 });
    expect(result).toEqual([
      { applicationId: application(0), attempts: 3 },
      { applicationId: application(1), uid: 'toys', attempts: 1 },
      { applicationId: application(2), attempts: 0 },
    ]);
  });

  it('counts those that were asked for, and leaves out one that was deleted meanwhile', async () => {
    const { count, runTask } = await aWorld(9);
    await count(7, 1, 0);
    const applicationIds = [8, 7, 99, 0, 1, 2, 3].map(application);
    const { ended, result } = await runTask(aUsageTask({ applicationIds }));
    expect(ended).toMatchObject({ status: 'finished', counted: 6 });
    expect(result.map(({ applicationId }) => applicationId)).toEqual([8, 7, 0, 1, 2, 3].map(application));
    expect(result[1]).toEqual({ applicationId: application(7), attempts: 1 });
  });

  it('is counted slice by slice, each application once, whichever slice is run again', async () => {
    const { tasks, run, count } = await aWorld(700);
    await count(699, 1, 0);
    await tasks.insert(aUsageTask());
    let slices = 0;
    for (;;) {
      const task = await tasks.find(ids.organisation, ids.task);
      if (task?.status !== 'running') break;
      const job = aSliceJob(task);
      // The second one finds that its slice is done, or does it again.
      await Promise.all([run([job], () => true), run([job], () => true)]);
      slices += 1;
    }
    expect(slices).toBe(3);
    const result = await tasks.readResult(ids.organisation, ids.task);
    expect(result.map(({ applicationId }) => applicationId)).toEqual(
      Array.from({ length: 700 }, (_, n) => application(n)),
    );
    expect(result.at(-1)).toEqual({ applicationId: application(699), attempts: 1 });
  });

  it('ends a slice when its time is over', async () => {
    const { tasks, run } = await aWorld(12);
    await tasks.insert(aUsageTask());
    await run([aSliceJob(aUsageTask())], () => false);
    expect(await tasks.find(ids.organisation, ids.task)).toMatchObject({ status: 'running', slice: 1, counted: 5 });
  });

  it.each([
    ['its time is over after each step', () => false, 20, 20],
    ['it has had many endpoints', () => true, 401, 200],
  ])('goes on inside of an application if %s, and counts each attempt once', async (_, hasTime, endpoints, atMost) => {
    const { tasks, run, count, statistics } = await aWorld(3);
    for (let n = 0; n < endpoints; n += 1) await count(1, n, n);
    await count(0, 1_000, 0);
    await count(2, 1_001, 0, false);
    let looked = 0;
    const { listHours } = statistics;
    statistics.listHours = async (...query) => {
      looked += 1;
      return listHours(...query);
    };
    const looks: number[] = [];
    await tasks.insert(aUsageTask());
    for (;;) {
      const task = await tasks.find(ids.organisation, ids.task);
      if (task?.status !== 'running') break;
      looked = 0;
      await run([aSliceJob(task)], hasTime);
      looks.push(looked);
      // A worker that dies before it has stored how far it came leads to the same slice again.
      const stored = await tasks.find(ids.organisation, ids.task);
      await setBack({ tasks }, task);
      await run([aSliceJob(task)], hasTime);
      expect(await tasks.find(ids.organisation, ids.task)).toEqual(stored);
    }
    expect(Math.max(...looks)).toBeLessThanOrEqual(atMost + 2);
    expect(looks.length).toBeGreaterThan(2);
    expect(await tasks.find(ids.organisation, ids.task)).toMatchObject({ status: 'finished', counted: 3 });
    expect(joinEntries(await tasks.readResult(ids.organisation, ids.task))).toEqual([
      { applicationId: application(0), attempts: 1 },
      { applicationId: application(1), uid: 'toys', attempts: endpoints },
      { applicationId: application(2), attempts: 1 },
    ]);
  });

  it('leaves out the rest of an application that was deleted meanwhile, and goes on', async () => {
    const { tasks, run, count, applications } = await aWorld(7);
    for (let n = 0; n < 15; n += 1) await count(1, n, n);
    await tasks.insert(aUsageTask({ applicationIds: [1, 2, 6].map(application) }));
    await run([aSliceJob(aUsageTask())], () => false);
    await applications.delete(anApplication({ applicationId: application(1) }));
    const ended = await runToEnd({ tasks, run }, aUsageTask());
    expect(ended).toMatchObject({ status: 'finished', counted: 2 });
  });

  it('fails with the reason if its result is too large for an answer', async () => {
    const { tasks, run } = await aWorld(1);
    await tasks.insert({ ...aUsageTask(), resultBytes: 4_000_000 });
    await run([aSliceJob(aUsageTask())], () => true);
    expect(await tasks.find(ids.organisation, ids.task)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('larger than 4000000 bytes'),
    });
  });

  it('is empty without applications', async () => {
    const { runTask } = await aWorld(0);
    const { ended, result } = await runTask(aUsageTask());
    expect(ended).toMatchObject({ status: 'finished', counted: 0 });
    expect(result).toEqual([]);
  });
});

describe('the event types of applications', () => {
  it('are those that their endpoints name, each once, and whether one of them gets all', async () => {
    const { endpoints, runTask } = await aWorld(3);
    const insert = (n: number, endpoint: number, overrides: Parameters<typeof anEndpoint>[0]) =>
      endpoints.insert(
        anEndpoint({ applicationId: application(n), endpointId: nthId('endpoint', endpoint), ...overrides }),
      );
    await insert(0, 1, { eventTypes: ['user.signup', 'user.deleted'] });
    await insert(0, 2, { eventTypes: ['user.signup', 'a.b'], disabled: true });
    await insert(1, 3, { order: { onExhausted: 'block' } });
    await insert(1, 4, { eventTypes: ['a.b'] });
    const { ended, result } = await runTask(aSubscriptionsTask());
    expect(ended).toMatchObject({ status: 'finished', counted: 3 });
    expect(result).toEqual([
      { applicationId: application(0), eventTypes: ['a.b', 'user.deleted', 'user.signup'], hasCatchAll: false },
      { applicationId: application(1), eventTypes: ['a.b'], hasCatchAll: true },
      { applicationId: application(2), eventTypes: [], hasCatchAll: false },
    ]);
  });

  const longName = (n: number) => `${'x'.repeat(240)}.${String(n).padStart(6, '0')}`;
  const namesFrom = (start: number, count: number) => Array.from({ length: count }, (_, n) => longName(start + n));

  it.each([
    ['five applications have more than a row together', 5, 600],
    ['one application has more than a row', 1, 3_000],
    ['each application has more than a row', 3, 1_800],
  ])('are stored in parts that fit into a row if %s', async (_, applicationCount, namesEach) => {
    const { endpoints, runTask, partBytes } = await aWorld(applicationCount);
    for (let n = 0; n < applicationCount; n += 1)
      for (const half of [0, 1]) {
        // Both endpoints ask for the names in the middle.
        const eventTypes = namesFrom((half * namesEach) / 3, (namesEach * 2) / 3);
        const endpointId = nthId('endpoint', n * 2 + half);
        await endpoints.insert(anEndpoint({ applicationId: application(n), endpointId, eventTypes }));
      }
    const { ended, result } = await runTask(aSubscriptionsTask());
    expect(ended).toMatchObject({ status: 'finished', counted: applicationCount });
    expect(Math.max(...partBytes)).toBeLessThanOrEqual(200_001);
    expect(partBytes.length).toBeGreaterThan(1);
    const eventTypes = namesFrom(0, namesEach);
    expect(result).toEqual(
      Array.from({ length: applicationCount }, (_, n) => ({
        applicationId: application(n),
        eventTypes,
        hasCatchAll: false,
      })),
    );
  });

  it('are too many for an answer if one application has too many', async () => {
    const { endpoints, runTask } = await aWorld(1);
    for (let n = 0; n < 10; n += 1) {
      const eventTypes = namesFrom(n * 1_700, 1_700);
      await endpoints.insert(
        anEndpoint({ applicationId: application(0), endpointId: nthId('endpoint', n), eventTypes }),
      );
    }
    const { ended } = await runTask(aSubscriptionsTask());
    expect(ended).toMatchObject({ status: 'failed', error: expect.stringContaining('larger than 4000000 bytes') });
  });
});
