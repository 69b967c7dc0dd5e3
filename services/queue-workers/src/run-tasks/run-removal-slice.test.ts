import { PassingError, type RemovalTask } from '@posthorn/core';
import type { RemovedRows } from '@posthorn/models/application-remains';
import { anEndpoint, aPurgeTask, aRemovalTask, aTask, ids, nthId, secondsLater } from '@posthorn/testing';
import { aSliceJob, aTaskWorld } from '../fixtures/a-task-world.ts';
import { settleMs } from './run-removal-slice.ts';

const createdAt = secondsLater(100);
const settledAt = new Date(createdAt.getTime() + settleMs);

const aRemoval = (overrides: Partial<RemovalTask> = {}): RemovalTask =>
  aRemovalTask({ createdAt, updatedAt: createdAt, ...overrides });

/** Removes in these parts. `runSlice` does the present slice of the task at a time, and returns the task. */
async function aWorld(parts: readonly RemovedRows[] = [], beforeRows: () => void = () => undefined) {
  const left = [...parts];
  let now = createdAt;
  const world = aTaskWorld(createdAt, (deps) => ({
    clock: () => now,
    removal: {
      ...deps.removal,
      removeRows: async (removal) => {
        beforeRows();
        await deps.removal.removeRows(removal);
        return left.shift() ?? { messages: 0, others: 0 };
      },
    },
  }));
  const find = async () => {
    const task = await world.tasks.find(ids.organisation, ids.task);
    if (!task) throw new Error('the task is gone');
    return task;
  };
  const runSlice = async (at = now) => {
    now = at;
    expect(await world.run([aSliceJob(await find())], () => true)).toEqual([]);
    return find();
  };
  await world.tasks.insert(aRemoval());
  return { ...world, runSlice };
}

describe('the removal of an application', () => {
  it('deletes the endpoints, if the request died before it did', async () => {
    const { endpoints, runSlice } = await aWorld();
    await endpoints.insert(anEndpoint());
    await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 1), order: { onExhausted: 'block' } }));
    const other = anEndpoint({ endpointId: nthId('endpoint', 2), applicationId: nthId('application', 1) });
    await endpoints.insert(other);
    await runSlice();
    expect(endpoints.all()).toEqual([other]);
  });

  it('goes on where a part has ended, and counts what was removed', async () => {
    const place = { stage: 'deleted', after: 'deleted#x' } as const;
    const { removals, runSlice } = await aWorld([
      { messages: 900, others: 100, next: place },
      { messages: 1, others: 2 },
    ]);
    expect(await runSlice()).toMatchObject({ status: 'running', removed: 900, removedOthers: 100, pauseSeconds: 1 });
    expect(await runSlice()).toMatchObject({ status: 'running', removed: 901, removedOthers: 102, pauseSeconds: 300 });
    expect(removals.map(({ place, isFinal }) => [place, isFinal])).toEqual([
      [undefined, false],
      [place, false],
    ]);
  });

  it('has a last round when whoever was at work has ended, and not before', async () => {
    const { removals, runSlice } = await aWorld();
    await runSlice();
    const early = await runSlice(new Date(settledAt.getTime() - 1_500));
    expect([early.status, early.pauseSeconds, removals.length]).toEqual(['running', 2, 1]);
    expect(await runSlice(settledAt)).toMatchObject({ status: 'finished', slice: 3 });
    expect(removals.map(({ isFinal, taskId }) => [isFinal, taskId])).toEqual([
      [false, ids.task],
      [true, ids.task],
    ]);
  });

  it('goes on with its last round part by part', async () => {
    const next = { stage: 'due', shard: 2 } as const;
    const { removals, runSlice } = await aWorld([
      { messages: 0, others: 0 },
      { messages: 0, others: 5, next },
    ]);
    await runSlice();
    expect(await runSlice(settledAt)).toMatchObject({ status: 'running', removedOthers: 5, pauseSeconds: 1 });
    expect(await runSlice()).toMatchObject({ status: 'finished', removedOthers: 5 });
    expect(removals.at(-1)).toMatchObject({ place: next, isFinal: true });
  });

  it('does a part again if the worker died before it stored how far it came, and counts it once', async () => {
    const { tasks, removals, runSlice, run } = await aWorld([
      { messages: 7, others: 1 },
      { messages: 5, others: 1 },
    ]);
    const { advance } = tasks;
    tasks.advance = () => Promise.reject(new PassingError('died'));
    expect(await run([aSliceJob(aRemoval())], () => true)).toEqual([`${ids.task} 0`]);
    tasks.advance = advance;
    expect(await runSlice()).toMatchObject({ slice: 1, removed: 5, removedOthers: 1 });
    expect(removals.map(({ place, isFinal }) => [place, isFinal])).toEqual([
      [undefined, false],
      [undefined, false],
    ]);
  });

  it('waits anew if the application was deleted later than the request had meant to', async () => {
    const { runSlice } = await aWorld();
    expect(await runSlice(settledAt)).toMatchObject({ status: 'running', pauseSeconds: 300 });
  });

  it('ends the other tasks of the application at once, and those that were started meanwhile at last', async () => {
    const failedBefore: string[][] = [];
    const { tasks, runSlice } = await aWorld([], () => failedBefore.push(failed()));
    const failed = () => tasks.all().flatMap(({ taskId, status }) => (status === 'failed' ? [taskId] : []));
    const nth = (n: number) => ({ taskId: nthId('task', n) });
    await tasks.insert(aPurgeTask({ ...nth(1), slice: 2 }));
    await tasks.insert(aTask(nth(2)));
    await tasks.insert(aTask({ ...nth(3), applicationId: nthId('application', 1) }));
    await tasks.insert(aPurgeTask({ ...nth(4), status: 'finished' }));
    await runSlice();
    expect(await tasks.find(ids.organisation, nth(1).taskId)).toMatchObject({
      slice: 2,
      error: 'the application was deleted',
    });
    await tasks.insert(aPurgeTask(nth(5)));
    await runSlice(settledAt);
    expect(failedBefore).toEqual([[1, 2].map((n) => nth(n).taskId), [1, 2, 5].map((n) => nth(n).taskId)]);
  });

  it('ends a task whose slice is done at that moment', async () => {
    const { tasks, runSlice } = await aWorld();
    const purge = aPurgeTask({ taskId: nthId('task', 1) });
    await tasks.insert(purge);
    const { find } = tasks;
    let isFirst = true;
    tasks.find = async (...key) => {
      const found = await find(...key);
      if (found?.taskId === purge.taskId && isFirst) {
        isFirst = false;
        await tasks.advance({ ...purge, slice: 1, purged: 9 }, purge);
      }
      return found;
    };
    await runSlice();
    expect(await find(ids.organisation, purge.taskId)).toMatchObject({ status: 'failed', slice: 1, purged: 9 });
  });
});
