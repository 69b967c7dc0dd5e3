import type { Task } from '@posthorn/core';
import type { TasksQueue } from '@posthorn/queues';
import { createRunEach } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface SendSliceDeps extends SettleDeps {
  readonly sendSlice: TasksQueue['send'];
}

/**
 * Sends the next slice of each task that was inserted or that has finished a slice. If a record comes again, the worker
 * finds that the slice is done, and ends the second job.
 */
export const createSendSlice = (deps: SendSliceDeps): RunRecords<Task> =>
  createRunEach<Task>(deps, async (change) => {
    if (change.kind === 'removed' || change.new.status !== 'running') return;
    const { pauseSeconds, organisationId, applicationId, endpointId, taskId, slice } = change.new;
    await deps.sendSlice({ organisationId, applicationId, endpointId, taskId, slice }, pauseSeconds);
  });
