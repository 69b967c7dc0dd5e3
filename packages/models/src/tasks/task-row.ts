import {
  type BulkReplayFilters,
  type EndpointWork,
  isEndpointTask,
  isRemovalTask,
  isStatisticsTask,
  type StatisticsTask,
  type Task,
  type TaskWindow,
  taskKinds,
  taskStatuses,
} from '@posthorn/core';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import {
  ForeignRow,
  ifPresent,
  instantOf,
  numberOf,
  oneOf,
  type Row,
  textOf,
  textsOf,
  withoutAbsent,
} from '../rows/row.ts';

/** Tasks are listed for this long. */
const keptDays = 90;

export const expiryOfTask = ({ createdAt }: Pick<Task, 'createdAt'>): number =>
  toEpochSeconds(daysAfter(createdAt, keptDays));

export const taskKey = ({ organisationId, taskId }: Pick<Task, 'organisationId' | 'taskId'>) => ({
  organisationId,
  taskId,
});

export const toTaskRow = (task: Task): Row => ({
  ...taskKey(task),
  ...ownAttributes(task),
  kind: task.work.kind,
  work: JSON.stringify(task.work),
  status: task.status,
  slice: task.slice,
  cursor: task.cursor,
  pauseSeconds: task.pauseSeconds,
  createdAt: task.createdAt.toISOString(),
  updatedAt: task.updatedAt.toISOString(),
  error: task.error,
  expiresAt: expiryOfTask(task),
});

/** What a task works on, and its counts. The index has `sent` and `skipped`, and what an index has cannot be changed. */
function ownAttributes(task: Task): Row {
  if (isStatisticsTask(task)) return { sent: task.counted, skipped: 0, resultBytes: task.resultBytes };
  const { applicationId } = task;
  if (isRemovalTask(task)) return { applicationId, sent: task.removed, skipped: task.removedOthers };
  const { skipped } = task;
  if (!isEndpointTask(task)) return { applicationId, sent: task.purged, skipped };
  return { applicationId, endpointId: task.endpointId, sent: task.sent, skipped };
}

/** Only `toTaskRow` writes the text of the work. */
export function readTask(row: Row): Task {
  const kind = oneOf(row, 'kind', taskKinds);
  const work = parseObject(textOf(row, 'work'));
  switch (kind) {
    case 'endpoint.recover':
    case 'endpoint.replay':
    case 'endpoint.bulk-replay':
      return {
        ...readState(row),
        applicationId: textOf(row, 'applicationId'),
        endpointId: textOf(row, 'endpointId'),
        work: toEndpointWork(kind, work),
        sent: numberOf(row, 'sent'),
        skipped: numberOf(row, 'skipped'),
      };
    case 'application.purge_content':
      return readPurge(row, work);
    case 'application.stats':
    case 'event-type.aggregate':
      return {
        ...readState(row),
        work: toStatisticsWork(kind, work),
        counted: numberOf(row, 'sent'),
        resultBytes: numberOf(row, 'resultBytes'),
      };
  }
}

/** Expunges the messages of an application, or removes all of it. */
function readPurge(row: Row, work: Row): Task {
  const state = { ...readState(row), applicationId: textOf(row, 'applicationId') };
  const [sent, skipped] = [numberOf(row, 'sent'), numberOf(row, 'skipped')];
  const kind = 'application.purge_content';
  if (work.removes === undefined)
    return { ...state, work: { kind, until: instantOf(work, 'until') }, purged: sent, skipped };
  const removes = oneOf(work, 'removes', ['application']);
  const uid = withoutAbsent({ uid: ifPresent(work, 'uid', textOf) });
  return { ...state, work: { kind, removes, ...uid }, removed: sent, removedOthers: skipped };
}

const readState = (row: Row) => ({
  organisationId: textOf(row, 'organisationId'),
  taskId: textOf(row, 'taskId'),
  status: oneOf(row, 'status', taskStatuses),
  slice: numberOf(row, 'slice'),
  pauseSeconds: numberOf(row, 'pauseSeconds'),
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
  ...withoutAbsent({ cursor: ifPresent(row, 'cursor', textOf), error: ifPresent(row, 'error', textOf) }),
});

/** What later versions add to the filters is kept. */
function toEndpointWork(kind: EndpointWork['kind'], work: Row): EndpointWork {
  const window = readWindow(work);
  if (kind !== 'endpoint.bulk-replay') return { kind, ...window };
  // The API has checked the filters before they were stored.
  return { kind, ...window, filters: (work.filters ?? {}) as BulkReplayFilters };
}

function toStatisticsWork(kind: StatisticsTask['work']['kind'], work: Row): StatisticsTask['work'] {
  if (kind === 'event-type.aggregate') return { kind };
  const applicationIds = withoutAbsent({ applicationIds: ifPresent(work, 'applicationIds', textsOf) });
  return { kind, ...readWindow(work), ...applicationIds };
}

const readWindow = (work: Row): TaskWindow => ({ since: instantOf(work, 'since'), until: instantOf(work, 'until') });

function parseObject(text: string): Row {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Row;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ForeignRow('work');
}
