import { type Task, timeOfId } from '@posthorn/core';
import type { BackgroundTaskOut } from './background-task.ts';

/** What a background task has done, as responses and operational webhooks show it. */
export const toTaskData = (task: Task): BackgroundTaskOut['data'] => ({
  messagesSent: task.sent,
  messagesSkipped: task.skipped,
  appId: task.applicationId,
  endpointId: task.endpointId,
  since: task.work.since.toISOString(),
  until: task.work.until.toISOString(),
  reached: task.cursor === undefined ? null : timeOfId(task.cursor).toISOString(),
  ...(task.error !== undefined && { error: task.error }),
});
