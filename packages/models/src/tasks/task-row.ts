import { type BulkReplayFilters, type Task, type TaskWork, taskKinds, taskStatuses } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import { ForeignRow, ifPresent, instantOf, numberOf, oneOf, type Row, textOf, withoutAbsent } from '../rows/row.ts';

/** Tasks are listed for this long. */
const keptDays = 90;

export const taskKey = ({ organisationId, taskId }: Pick<Task, 'organisationId' | 'taskId'>) => ({
  organisationId,
  taskId,
});

export const toTaskRow = (task: Task): Row => ({
  ...taskKey(task),
  applicationId: task.applicationId,
  endpointId: task.endpointId,
  kind: task.work.kind,
  work: JSON.stringify(task.work),
  status: task.status,
  slice: task.slice,
  cursor: task.cursor,
  sent: task.sent,
  skipped: task.skipped,
  pauseSeconds: task.pauseSeconds,
  createdAt: task.createdAt.toISOString(),
  updatedAt: task.updatedAt.toISOString(),
  error: task.error,
  expiresAt: toEpochSeconds(daysAfter(task.createdAt, keptDays)),
});

export const readTask = (row: Row): Task => ({
  organisationId: textOf(row, 'organisationId'),
  applicationId: textOf(row, 'applicationId'),
  endpointId: textOf(row, 'endpointId'),
  taskId: textOf(row, 'taskId'),
  work: readWork(row),
  status: oneOf(row, 'status', taskStatuses),
  slice: numberOf(row, 'slice'),
  sent: numberOf(row, 'sent'),
  skipped: numberOf(row, 'skipped'),
  pauseSeconds: numberOf(row, 'pauseSeconds'),
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
  ...withoutAbsent({ cursor: ifPresent(row, 'cursor', textOf), error: ifPresent(row, 'error', textOf) }),
});

/** Only `toTaskRow` writes the text. What later versions add to the filters is kept. */
function readWork(row: Row): TaskWork {
  const kind = oneOf(row, 'kind', taskKinds);
  const work = parseObject(textOf(row, 'work'));
  const window = { since: instantOf(work, 'since'), until: instantOf(work, 'until') };
  if (kind !== 'endpoint.bulk-replay') return { kind, ...window };
  // The API has checked the filters before they were stored.
  return { kind, ...window, filters: (work.filters ?? {}) as BulkReplayFilters };
}

function parseObject(text: string): Row {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Row;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ForeignRow('work');
}
