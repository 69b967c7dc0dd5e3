import { isEndpointTask, type Task, timeOfId } from '@posthorn/core';
import type { BackgroundTaskOut } from './background-task.ts';

/** How far a task is, as the API and operational webhooks show it. */
export function toTaskData(task: Task): BackgroundTaskOut['data'] {
  const progress = {
    messagesSkipped: task.skipped,
    appId: task.applicationId,
    until: task.work.until.toISOString(),
    reached: task.cursor === undefined ? null : timeOfId(task.cursor).toISOString(),
    ...(task.error !== undefined && { error: task.error }),
  };
  if (!isEndpointTask(task)) return { messagesPurged: task.purged, ...progress };
  const { sent: messagesSent, endpointId, work } = task;
  return { messagesSent, endpointId, since: work.since.toISOString(), ...progress };
}
