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

/**
 * Marks a task as failed, with the reason in words. `stale`: it has changed since it was read. Each stored change is told
 * to its owner, so a task that has failed for this reason is left as it is.
 */
export async function failTask(
  { tasks, clock, log }: FailTaskDeps,
  task: Task,
  reason: string,
): Promise<'failed' | 'stale'> {
  if (task.status === 'failed' && task.error === reason) return 'failed';
  if ((await tasks.advance(failedTask(task, reason, clock()), task)) === 'stale') return 'stale';
  const { taskId, work, slice } = task;
  const ofApplication = isStatisticsTask(task) ? {} : { applicationId: task.applicationId };
  const ofEndpoint = isEndpointTask(task) ? { endpointId: task.endpointId } : {};
  log.warn('task.failed', { taskId, ...ofApplication, ...ofEndpoint, kind: work.kind, slice, reason });
  return 'failed';
}
