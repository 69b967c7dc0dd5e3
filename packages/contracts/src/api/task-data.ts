import {
  isEndpointTask,
  isRemovalTask,
  isStatisticsTask,
  joinEntries,
  type StatisticsTask,
  type Task,
  type TaskResultEntry,
  timeOfId,
} from '@posthorn/core';
import type { BackgroundTaskOut } from './background-task.ts';

/** How far a task is, as the API and operational webhooks show it, with its result if that was read. */
export function toTaskData(task: Task, result?: readonly TaskResultEntry[]): BackgroundTaskOut['data'] {
  const error = task.error === undefined ? {} : { error: task.error };
  if (isStatisticsTask(task)) return { ...statisticsOf(task, result), ...error };
  if (isRemovalTask(task)) {
    const { applicationId: appId, removed: messagesPurged, removedOthers: rowsPurged, work } = task;
    return { messagesPurged, rowsPurged, appId, appUid: work.uid ?? null, ...error };
  }
  const progress = {
    messagesSkipped: task.skipped,
    appId: task.applicationId,
    until: task.work.until.toISOString(),
    reached: task.cursor === undefined ? null : timeOfId(task.cursor).toISOString(),
    ...error,
  };
  if (!isEndpointTask(task)) return { messagesPurged: task.purged, ...progress };
  const { sent: messagesSent, endpointId, work } = task;
  return { messagesSent, endpointId, since: work.since.toISOString(), ...progress };
}

function statisticsOf({ work, counted }: StatisticsTask, result: readonly TaskResultEntry[] | undefined) {
  const done = { appsCounted: counted };
  const entries = result && joinEntries(result);
  if (work.kind === 'event-type.aggregate')
    return { ...done, ...(entries && { event_types: entries.flatMap(toEventTypes) }) };
  const window = { since: work.since.toISOString(), until: work.until.toISOString() };
  return { ...window, ...done, ...(entries && { appStats: entries.flatMap(toAppStats) }) };
}

const toAppStats = (entry: TaskResultEntry) =>
  'attempts' in entry
    ? [{ appId: entry.applicationId, appUid: entry.uid ?? null, messageDestinations: entry.attempts }]
    : [];

const toEventTypes = (entry: TaskResultEntry) =>
  'eventTypes' in entry
    ? [
        {
          appId: entry.applicationId,
          explicitlySubscribedEventTypes: [...entry.eventTypes],
          hasCatchAllEndpoint: entry.hasCatchAll,
        },
      ]
    : [];
