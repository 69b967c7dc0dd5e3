import type { BackgroundTaskOut, BegunTaskOut } from '@posthorn/contracts/api/background-task';
import { type Task, timeOfId } from '@posthorn/core';

/** A task that was begun, as the API shows it. */
export const toBegunTaskOut = ({ taskId, status, work, updatedAt }: Task): BegunTaskOut => ({
  id: taskId,
  status,
  task: work.kind,
  updatedAt: updatedAt.toISOString(),
});

/** A task with how far it is. */
export const toTaskOut = (task: Task): BackgroundTaskOut => ({
  ...toBegunTaskOut(task),
  data: {
    messagesSent: task.sent,
    messagesSkipped: task.skipped,
    appId: task.applicationId,
    endpointId: task.endpointId,
    since: task.work.since.toISOString(),
    until: task.work.until.toISOString(),
    reached: task.cursor === undefined ? null : timeOfId(task.cursor).toISOString(),
    ...(task.error !== undefined && { error: task.error }),
  },
});
