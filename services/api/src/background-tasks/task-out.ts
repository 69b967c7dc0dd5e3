import type { BackgroundTaskOut, BegunTaskOut } from '@posthorn/contracts/api/background-task';
import { toTaskData } from '@posthorn/contracts/api/task-data';
import type { Task, TaskResultEntry } from '@posthorn/core';

/** A task that was begun, as the API shows it. */
export const toBegunTaskOut = ({ taskId, status, work, updatedAt }: Task): BegunTaskOut => ({
  id: taskId,
  status,
  task: work.kind,
  updatedAt: updatedAt.toISOString(),
});

/** A task with how far it is, and its result if that was read. */
export const toTaskOut = (task: Task, result?: readonly TaskResultEntry[]): BackgroundTaskOut => ({
  ...toBegunTaskOut(task),
  data: toTaskData(task, result),
});
