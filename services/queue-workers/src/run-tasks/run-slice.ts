import type { TaskJob } from '@posthorn/contracts';
import { isEndpointTask, isRemovalTask, isStatisticsTask, type Task, type TaskRepository } from '@posthorn/core';
import { createRunEndpointSlice, type RunEndpointSliceDeps } from './run-endpoint-slice.ts';
import { createRunPurgeSlice, type RunPurgeSliceDeps } from './run-purge-slice.ts';
import { createRunRemovalSlice, type RunRemovalSliceDeps } from './run-removal-slice.ts';
import { createRunStatisticsSlice, type RunStatisticsSliceDeps } from './run-statistics-slice.ts';

export interface RunSliceDeps
  extends RunEndpointSliceDeps,
    RunPurgeSliceDeps,
    RunRemovalSliceDeps,
    RunStatisticsSliceDeps {
  readonly tasks: Pick<TaskRepository, 'find' | 'list' | 'advance'>;
}

/**
 * Runs a slice of a task, and stores how far it is. The stored change brings the next slice, by the stream of the table.
 *
 * After a crash the slice is run again, and does nothing twice. If two workers run the same slice, only one stores it. A
 * slice that is already done does nothing, and so does a copy of the slice at which the task has failed: its owner was
 * told, and may have started another task. Only a redriven slice makes a failed task go on.
 */
export function createRunSlice(deps: RunSliceDeps) {
  const runEndpointSlice = createRunEndpointSlice(deps);
  const runPurgeSlice = createRunPurgeSlice(deps);
  const runRemovalSlice = createRunRemovalSlice(deps);
  const runStatisticsSlice = createRunStatisticsSlice(deps);
  const run = (task: Task, hasTime: () => boolean): Promise<void> => {
    if (isEndpointTask(task)) return runEndpointSlice(task, hasTime);
    if (isRemovalTask(task)) return runRemovalSlice(task, hasTime);
    return isStatisticsTask(task) ? runStatisticsSlice(task, hasTime) : runPurgeSlice(task, hasTime);
  };
  return async (job: TaskJob, hasTime: () => boolean): Promise<void> => {
    const task = await deps.tasks.find(job.organisationId, job.taskId);
    if (task && isAtSlice(task, job)) await run(task, hasTime);
  };
}

/** Whether the job is for the present slice of the task, and may run it. */
export const isAtSlice = ({ slice, status }: Task, job: TaskJob): boolean =>
  slice === job.slice && (status === 'running' || (status === 'failed' && job.resumes === true));
