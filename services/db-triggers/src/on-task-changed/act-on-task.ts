import { toTaskData } from '@posthorn/contracts/api/task-data';
import { type Task, taskEventOf } from '@posthorn/core';
import type { TellEvent } from '@posthorn/intake';
import { sliceJobOf, type TasksQueue } from '@posthorn/queues';
import { createRunBatch } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface ActOnTaskDeps extends SettleDeps {
  readonly sendSlice: TasksQueue['send'];
  /** Begins to tell the events of a batch. */
  readonly beginTelling: () => TellEvent;
}

/**
 * Sends the next slice of each task that was inserted or that has finished a slice, and tells that a task has ended. Both
 * may be repeated: the worker finds that the slice is done, and ends the second job.
 */
export const createActOnTask = (deps: ActOnTaskDeps): RunRecords<Task> =>
  createRunBatch<Task>(deps, () => {
    const tell = deps.beginTelling();
    return async (change) => {
      if (change.kind === 'removed') return;
      const task = change.new;
      if (task.status !== 'running') {
        await tell(taskEventOf(task, toTaskData(task)));
        return;
      }
      await deps.sendSlice(sliceJobOf(task), task.pauseSeconds);
    };
  });
