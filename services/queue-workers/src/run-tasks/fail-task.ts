import {
  type Clock,
  failedTask,
  isEndpointTask,
  isStatisticsTask,
  type Log,
  type Task,
  type TaskRepository,
} from '@posthorn/core';

interface FailTaskDeps {
  readonly tasks: Pick<TaskRepository, 'advance'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Marks a task as failed, with the reason in words. */
export async function failTask({ tasks, clock, log }: FailTaskDeps, task: Task, reason: string): Promise<void> {
  await tasks.advance(failedTask(task, reason, clock()), task.slice);
  const { taskId, work, slice } = task;
  const ofApplication = isStatisticsTask(task) ? {} : { applicationId: task.applicationId };
  const ofEndpoint = isEndpointTask(task) ? { endpointId: task.endpointId } : {};
  log.warn('task.failed', { taskId, ...ofApplication, ...ofEndpoint, kind: work.kind, slice, reason });
}
