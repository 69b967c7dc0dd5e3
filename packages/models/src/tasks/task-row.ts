import {
  type BulkReplayFilters,
  type EndpointWork,
  isEndpointTask,
  type Task,
  taskKinds,
  taskStatuses,
} from '@posthorn/core';
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
  ...(isEndpointTask(task) && { endpointId: task.endpointId }),
  // The index has this attribute, and what an index has cannot be changed.
  sent: isEndpointTask(task) ? task.sent : task.purged,
  kind: task.work.kind,
  work: JSON.stringify(task.work),
  status: task.status,
  slice: task.slice,
  cursor: task.cursor,
  skipped: task.skipped,
  pauseSeconds: task.pauseSeconds,
  createdAt: task.createdAt.toISOString(),
  updatedAt: task.updatedAt.toISOString(),
  error: task.error,
  expiresAt: toEpochSeconds(daysAfter(task.createdAt, keptDays)),
});

/** Only `toTaskRow` writes the text of the work. */
export function readTask(row: Row): Task {
  const kind = oneOf(row, 'kind', taskKinds);
  const work = parseObject(textOf(row, 'work'));
  if (kind === 'application.purge_content')
    return { ...readState(row), work: { kind, until: instantOf(work, 'until') }, purged: numberOf(row, 'sent') };
  return {
    ...readState(row),
    endpointId: textOf(row, 'endpointId'),
    work: toEndpointWork(kind, work),
    sent: numberOf(row, 'sent'),
  };
}

const readState = (row: Row) => ({
  organisationId: textOf(row, 'organisationId'),
  applicationId: textOf(row, 'applicationId'),
  taskId: textOf(row, 'taskId'),
  status: oneOf(row, 'status', taskStatuses),
  slice: numberOf(row, 'slice'),
  skipped: numberOf(row, 'skipped'),
  pauseSeconds: numberOf(row, 'pauseSeconds'),
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
  ...withoutAbsent({ cursor: ifPresent(row, 'cursor', textOf), error: ifPresent(row, 'error', textOf) }),
});

/** What later versions add to the filters is kept. */
function toEndpointWork(kind: EndpointWork['kind'], work: Row): EndpointWork {
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
