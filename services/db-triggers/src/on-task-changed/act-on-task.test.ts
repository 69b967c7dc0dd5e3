import { type OperationalEvent, PassingError, type Task } from '@posthorn/core';
import { decodeTaskRecords } from '@posthorn/models/tasks';
import { toTaskRow } from '@posthorn/models/tasks/task-row';
import { aPurgeTask, aTask, ids, nthId } from '@posthorn/testing';
import { aChange } from '../fixtures/a-change.ts';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { type ActOnTaskDeps, createActOnTask } from './act-on-task.ts';

const changeOf = (sequenceNumber: number, next: Task, old?: Task) =>
  aChange({
    table: 'tasks',
    sequenceNumber,
    keys: ['organisationId', 'taskId'],
    ...(old && { old: toTaskRow(old) }),
    next: toTaskRow(next),
  });

function aTrigger(overrides: Partial<ActOnTaskDeps> = {}) {
  const world = aSetAsideWorld();
  const sent: [slice: number, taskId: string, delaySeconds: number][] = [];
  const told: OperationalEvent[] = [];
  const sendSlice: ActOnTaskDeps['sendSlice'] = async ({ slice, taskId }, delay) =>
    void sent.push([slice, taskId, delay]);
  const beginTelling: ActOnTaskDeps['beginTelling'] = () => async (event) => {
    told.push(event);
    return 'told';
  };
  const deps = { ...world, sendSlice, beginTelling, ...overrides };
  return { ...world, sent, told, handle: createStreamHandler(decodeTaskRecords, createActOnTask(deps)) };
}

describe('on-task-changed', () => {
  const task = aTask();
  const { taskId } = task;

  it('sends the first slice of a new task, and each one that follows after its pause', async () => {
    const { handle, sent, told } = aTrigger();
    const next = aTask({ slice: 1, sent: 200, pauseSeconds: 2 });
    expect(await handle(anEvent(changeOf(1, task), changeOf(2, next, task)))).toEqual(done);
    expect(sent).toEqual([
      [0, taskId, 0],
      [1, taskId, 2],
    ]);
    expect(told).toEqual([]);
  });

  it('sends the slices of a task that has no endpoint', async () => {
    const jobs: object[] = [];
    const { handle } = aTrigger({ sendSlice: async (job) => void jobs.push(job) });
    expect(await handle(anEvent(changeOf(1, aPurgeTask())))).toEqual(done);
    const { organisation: organisationId, application: applicationId } = ids;
    expect(jobs).toStrictEqual([{ organisationId, applicationId, taskId, slice: 0 }]);
  });

  it('tells that a task has ended, with what it did, and sends nothing more', async () => {
    const { handle, sent, told } = aTrigger();
    const ended = aTask({ slice: 1, sent: 3, status: 'finished' });
    const failed = aTask({ taskId: nthId('task', 2), slice: 1, status: 'failed', error: 'its endpoint is gone' });
    expect(await handle(anEvent(changeOf(1, ended, task), changeOf(2, failed, task)))).toEqual(done);
    expect(sent).toEqual([]);
    expect(told).toMatchObject([
      {
        eventType: 'background_task.finished',
        data: { taskId, task: 'endpoint.recover', status: 'finished', data: { messagesSent: 3, messagesSkipped: 0 } },
      },
      { data: { taskId: failed.taskId, status: 'failed', data: { error: 'its endpoint is gone' } } },
    ]);
  });

  it('tells how many messages a purge has expunged', async () => {
    const { handle, told } = aTrigger();
    const ended = aPurgeTask({ slice: 1, purged: 5, status: 'finished' });
    expect(await handle(anEvent(changeOf(1, ended, aPurgeTask())))).toEqual(done);
    expect(told).toMatchObject([{ data: { task: 'application.purge_content', data: { messagesPurged: 5 } } }]);
  });

  it('tells the same event each time that the record comes', async () => {
    const { handle, told } = aTrigger();
    const record = changeOf(1, aTask({ slice: 1, status: 'finished' }), task);
    expect([await handle(anEvent(record)), await handle(anEvent(record))]).toEqual([done, done]);
    expect(told[0]).toEqual(told[1]);
  });

  it('runs again from the task whose end could not be told', async () => {
    const { handle } = aTrigger({ beginTelling: () => () => Promise.reject(new PassingError('away')) });
    const ended = changeOf(2, aTask({ slice: 1, status: 'finished' }), task);
    expect(await handle(anEvent(changeOf(1, task), ended))).toEqual(againFrom(2));
  });

  it('sets aside a row that it cannot read, and goes on', async () => {
    const { handle, sent, records } = aTrigger();
    const broken = aChange({
      table: 'tasks',
      sequenceNumber: 1,
      keys: ['organisationId', 'taskId'],
      next: { ...toTaskRow(task), slice: 'first' },
    });
    const other = aTask({ taskId: nthId('task', 2) });
    expect(await handle(anEvent(broken, changeOf(2, other)))).toEqual(done);
    expect(records.map(({ reason }) => reason)).toEqual(['row has an invalid attribute: slice']);
    expect(sent).toEqual([[0, other.taskId, 0]]);
  });

  it('runs again from the task whose slice the queue did not accept', async () => {
    const { handle } = aTrigger({ sendSlice: () => Promise.reject(new PassingError('away')) });
    expect(await handle(anEvent(changeOf(1, task), changeOf(2, task)))).toEqual(againFrom(1));
  });
});
