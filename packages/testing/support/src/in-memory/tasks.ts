import {
  isStatisticsTask,
  type Task,
  type TaskRepository,
  type TaskResultEntry,
  type TaskVersion,
} from '@posthorn/core';
import { pageOf } from './page-of.ts';

const isAtVersion = (kept: Task, { slice, status, updatedAt }: TaskVersion): boolean =>
  kept.slice === slice && kept.status === status && kept.updatedAt.getTime() === updatedAt.getTime();

/** Tasks in a map. `all` returns every stored task. */
export function inMemoryTasks(): TaskRepository & { all(): readonly Task[] } {
  const rows = new Map<string, Task>();
  const results = new Map<string, Map<number, readonly TaskResultEntry[]>>();
  const keyOf = ({ organisationId, taskId }: Pick<Task, 'organisationId' | 'taskId'>) => `${organisationId} ${taskId}`;

  return {
    all: () => [...rows.values()],
    insert: async (task) => {
      if (rows.has(keyOf(task))) return 'exists';
      rows.set(keyOf(task), task);
      return 'inserted';
    },
    find: async (organisationId, taskId) => rows.get(keyOf({ organisationId, taskId })),
    list: async (organisationId, { applicationId, status, kind, ...page }) => {
      const listed = [...rows.values()].filter(
        (task) =>
          task.organisationId === organisationId &&
          (applicationId === undefined || (!isStatisticsTask(task) && task.applicationId === applicationId)) &&
          (status === undefined || task.status === status) &&
          (kind === undefined || task.work.kind === kind),
      );
      return pageOf(listed, ({ taskId }) => taskId, page);
    },
    putResult: async (task, { slice, entries }) => {
      const parts = results.get(keyOf(task)) ?? new Map<number, readonly TaskResultEntry[]>();
      results.set(keyOf(task), parts.set(slice, entries));
    },
    readResult: async (organisationId, taskId) =>
      [...(results.get(keyOf({ organisationId, taskId })) ?? [])]
        .toSorted(([one], [other]) => one - other)
        .flatMap(([, entries]) => entries),
    advance: async (next, from) => {
      const kept = rows.get(keyOf(next));
      if (!kept || !isAtVersion(kept, from)) return 'stale';
      rows.set(keyOf(next), next);
      return 'stored';
    },
  };
}
