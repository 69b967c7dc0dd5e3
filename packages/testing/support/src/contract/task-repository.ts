import { isStatisticsTask, type Task, type TaskRepository } from '@posthorn/core';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { aPurgeTask, aRemovalTask, aStatisticsTask, aTask } from '../builders/task.ts';
import { walkForward } from './walk-list.ts';

/** What every task repository promises. Each test gets an empty one. */
export function describeTaskRepository(name: string, create: () => Promise<TaskRepository>): void {
  const listed = async (tasks: TaskRepository, query: Partial<Parameters<TaskRepository['list']>[1]> = {}) =>
    (await tasks.list(ids.organisation, { limit: 10, direction: 'forward', order: 'descending', ...query })).items.map(
      ({ taskId }) => taskId,
    );

  describe(`tasks ${name}`, () => {
    it('finds a task with all its fields, in its organisation only', async () => {
      const tasks = await create();
      const task = aTask({
        work: {
          kind: 'endpoint.bulk-replay',
          since: secondsLater(1.001),
          until: secondsLater(2),
          filters: { eventTypes: ['a.b'], channel: 'c', tag: 't', status: 'fail', statusCodeClass: 500 },
        },
        status: 'failed',
        slice: 3,
        cursor: ids.message,
        sent: 400,
        skipped: 5,
        pauseSeconds: 2,
        updatedAt: secondsLater(9),
        error: 'the endpoint was deleted',
      });
      await tasks.insert(task);
      expect(await tasks.find(ids.organisation, ids.task)).toEqual(task);
      expect(await tasks.find(nthId('organisation', 1), ids.task)).toBeUndefined();
    });

    it('inserts a task once, and keeps how far it is', async () => {
      const tasks = await create();
      const rivals = Array.from({ length: 8 }, () => tasks.insert(aTask()));
      expect((await Promise.all(rivals)).toSorted()).toEqual([...Array(7).fill('exists'), 'inserted']);
      const next = aTask({ slice: 1, sent: 200, cursor: ids.message });
      await tasks.advance(next, aTask());
      expect(await tasks.insert(aTask())).toBe('exists');
      expect(await tasks.find(ids.organisation, ids.task)).toEqual(next);
    });

    it('finds a task of a whole application with all its fields', async () => {
      const tasks = await create();
      const progress = { slice: 1, cursor: ids.message, purged: 150, skipped: 50, pauseSeconds: 2 };
      await tasks.insert(aPurgeTask());
      expect(await tasks.find(ids.organisation, ids.task)).toStrictEqual(aPurgeTask());
      expect(await tasks.advance(aPurgeTask(progress), aPurgeTask())).toBe('stored');
      expect(await tasks.find(ids.organisation, ids.task)).toStrictEqual(aPurgeTask(progress));
      expect(await listed(tasks, { kind: 'application.purge_content' })).toEqual([ids.task]);
      expect(await listed(tasks, { applicationId: ids.application })).toEqual([ids.task]);
    });

    it.each<Task>([
      aRemovalTask(),
      aRemovalTask({
        work: { kind: 'application.purge_content', removes: 'application', uid: 'toys' },
        cursor: '{}',
        removed: 3,
        removedOthers: 4,
      }),
      aStatisticsTask({ counted: 5, resultBytes: 7 }),
      aStatisticsTask({ work: { kind: 'application.stats', since: secondsLater(0), until: secondsLater(3_600) } }),
      aStatisticsTask({
        work: {
          kind: 'application.stats',
          since: secondsLater(0),
          until: secondsLater(3_600),
          applicationIds: [ids.application, nthId('application', 1)],
        },
      }),
    ])('finds and lists a task that works on no endpoint: $work', async (task) => {
      const tasks = await create();
      await tasks.insert(task);
      expect(await tasks.find(ids.organisation, ids.task)).toStrictEqual(task);
      expect(await listed(tasks, { kind: task.work.kind })).toEqual([ids.task]);
      const isOfApplication = !isStatisticsTask(task);
      expect(await listed(tasks, { applicationId: ids.application })).toEqual(isOfApplication ? [ids.task] : []);
    });

    it('keeps the result of a task, each slice once, apart from the tasks', async () => {
      const tasks = await create();
      const task = aStatisticsTask();
      await tasks.insert(task);
      const entryOf = (n: number) => ({ applicationId: nthId('application', n), attempts: n });
      await tasks.putResult(task, { slice: 10, entries: [entryOf(3)] });
      await tasks.putResult(task, { slice: 2, entries: [entryOf(9)] });
      await tasks.putResult(task, { slice: 2, entries: [entryOf(1), entryOf(2)] });
      await tasks.putResult({ ...task, taskId: nthId('task', 1) }, { slice: 3, entries: [entryOf(4)] });
      expect(await tasks.readResult(ids.organisation, ids.task)).toEqual([1, 2, 3].map(entryOf));
      expect(await tasks.readResult(ids.organisation, nthId('task', 2))).toEqual([]);
      expect(await listed(tasks)).toEqual([ids.task]);
      expect(await listed(tasks, { order: 'ascending' })).toEqual([ids.task]);
    });

    it('keeps a long result', async () => {
      const tasks = await create();
      const task = aStatisticsTask();
      const entries = Array.from({ length: 2_500 }, (_, n) => ({
        applicationId: nthId('application', n),
        attempts: n,
      }));
      for (const slice of [0, 1, 2]) await tasks.putResult(task, { slice, entries });
      expect(await tasks.readResult(ids.organisation, ids.task)).toEqual([...entries, ...entries, ...entries]);
    });

    it('stores a slice once, whoever is first', async () => {
      const tasks = await create();
      await tasks.insert(aTask());
      const next = aTask({ slice: 1, sent: 200, cursor: ids.message });
      expect(await Promise.all([tasks.advance(next, aTask()), tasks.advance(next, aTask())])).toEqual(
        expect.arrayContaining(['stored', 'stale']),
      );
      expect(await tasks.find(ids.organisation, ids.task)).toEqual(next);
    });

    it.each([
      ['has another slice', { slice: 2 }],
      ['has another status', { status: 'failed' }],
      ['was changed at another time', { updatedAt: secondsLater(1) }],
    ] as const)('does not store a change of a task that %s than when it was read', async (_, change) => {
      const tasks = await create();
      const stored = aTask({ slice: 1, ...change });
      await tasks.insert(stored);
      expect(await tasks.advance(aTask({ slice: 2, sent: 7 }), aTask({ slice: 1 }))).toBe('stale');
      expect(await tasks.find(ids.organisation, ids.task)).toEqual(stored);
      expect(await tasks.advance(aTask({ slice: 2, sent: 7 }), stored)).toBe('stored');
    });

    it('does not store a slice of a task that is gone', async () => {
      const tasks = await create();
      expect(await tasks.advance(aTask({ slice: 1 }), aTask())).toBe('stale');
      expect(await tasks.find(ids.organisation, ids.task)).toBeUndefined();
    });

    it('lists tasks by time, both ways, filtered by application, status and kind', async () => {
      const tasks = await create();
      const [first, second, third] = [1, 2, 3].map((n) => nthId('task', n));
      const other = nthId('application', 1);
      await tasks.insert(aTask({ taskId: first ?? '' }));
      await tasks.insert(aTask({ taskId: second ?? '', applicationId: other, status: 'finished' }));
      const window = { since: secondsLater(0), until: secondsLater(1) };
      await tasks.insert(aTask({ taskId: third ?? '', work: { kind: 'endpoint.replay', ...window } }));
      expect(await listed(tasks)).toEqual([third, second, first]);
      expect(await listed(tasks, { order: 'ascending' })).toEqual([first, second, third]);
      expect(await listed(tasks, { applicationId: other })).toEqual([second]);
      expect(await listed(tasks, { applicationId: ids.application })).toEqual([third, first]);
      expect(await listed(tasks, { applicationId: ids.application, kind: 'endpoint.recover' })).toEqual([first]);
      expect(await listed(tasks, { status: 'finished' })).toEqual([second]);
      expect(await listed(tasks, { kind: 'endpoint.replay' })).toEqual([third]);
      expect(
        await walkForward(
          (page) => tasks.list(ids.organisation, { ...page, order: 'descending' }),
          ({ taskId }) => taskId,
          2,
        ),
      ).toHaveLength(3);
    });
  });
}
