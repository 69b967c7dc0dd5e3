import { PassingError, type Task } from '@posthorn/core';
import { decodeTaskRecords } from '@posthorn/models/tasks';
import { toTaskRow } from '@posthorn/models/tasks/task-row';
import { aTask, nthId } from '@posthorn/testing';
import { aChange } from '../fixtures/a-change.ts';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { againFrom, anEvent, done } from '../fixtures/stream-event.ts';
import { createStreamHandler } from '../stream-batch.ts';
import { createSendSlice, type SendSliceDeps } from './send-slice.ts';

const changeOf = (sequenceNumber: number, next: Task, old?: Task) =>
  aChange({
    table: 'tasks',
    sequenceNumber,
    keys: ['organisationId', 'taskId'],
    ...(old && { old: toTaskRow(old) }),
    next: toTaskRow(next),
  });

function aTrigger(overrides: Partial<SendSliceDeps> = {}) {
  const world = aSetAsideWorld();
  const sent: [slice: number, taskId: string, delaySeconds: number][] = [];
  const sendSlice: SendSliceDeps['sendSlice'] = async ({ slice, taskId }, delay) =>
    void sent.push([slice, taskId, delay]);
  const handle = createStreamHandler(decodeTaskRecords, createSendSlice({ ...world, sendSlice, ...overrides }));
  return { ...world, sent, handle };
}

describe('on-task-changed', () => {
  const task = aTask();
  const { taskId } = task;

  it('sends the first slice of a new task, and each one that follows after its pause', async () => {
    const { handle, sent } = aTrigger();
    const next = aTask({ slice: 1, sent: 200, pauseSeconds: 2 });
    expect(await handle(anEvent(changeOf(1, task), changeOf(2, next, task)))).toEqual(done);
    expect(sent).toEqual([
      [0, taskId, 0],
      [1, taskId, 2],
    ]);
  });

  it('sends nothing for a task that has ended', async () => {
    const { handle, sent } = aTrigger();
    const ends = (['finished', 'failed'] as const).map((status, n) => changeOf(n, aTask({ slice: 1, status }), task));
    expect(await handle(anEvent(...ends))).toEqual(done);
    expect(sent).toEqual([]);
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
