import type { Clock, Log, RemovalTask, Task, TaskRepository } from '@posthorn/core';
import { failTask } from './fail-task.ts';

export interface EndTasksDeps {
  readonly tasks: Pick<TaskRepository, 'find' | 'list' | 'advance'>;
  readonly clock: Clock;
  readonly log: Log;
}

const pageSize = 100;

/**
 * Ends the running tasks of an application that was deleted, but the one that removes it. So their owner is told, as of each
 * task that fails.
 */
export async function endTasks(
  deps: EndTasksDeps,
  { organisationId, applicationId, taskId }: RemovalTask,
): Promise<void> {
  let iterator: string | undefined;
  for (;;) {
    const { items, done, resumeAt } = await deps.tasks.list(organisationId, {
      applicationId,
      status: 'running',
      limit: pageSize,
      direction: 'forward',
      order: 'ascending',
      ...(iterator !== undefined && { iterator }),
    });
    for (const task of items) if (task.taskId !== taskId) await endTask(deps, task);
    iterator = resumeAt ?? items.at(-1)?.taskId;
    if (done || iterator === undefined) return;
  }
}

/** A worker may be at one of its slices: then the task changes, and is read again. */
async function endTask(deps: EndTasksDeps, { organisationId, taskId }: Task): Promise<void> {
  for (;;) {
    const task = await deps.tasks.find(organisationId, taskId);
    if (task?.status !== 'running') return;
    if ((await failTask(deps, task, 'the application was deleted')) === 'failed') return;
  }
}
