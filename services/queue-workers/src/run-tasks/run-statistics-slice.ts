import {
  afterStatistics,
  type Clock,
  type EndpointRepository,
  type Log,
  maxResultBytes,
  type StatisticsRepository,
  type StatisticsResult,
  type StatisticsTask,
  type SubscriptionsWork,
  type TaskRepository,
  type TaskResultEntry,
  type UsageWork,
} from '@posthorn/core';
import type { ApplicationName, ApplicationNames } from '@posthorn/models/application-names';
import { countAttempts } from './count-attempts.ts';
import { failTask } from './fail-task.ts';
import type { Found } from './found.ts';
import { readSubscriptions } from './read-subscriptions.ts';

/** What statistics need. */
export interface StatisticsDeps {
  readonly applications: ApplicationNames;
  readonly putResult: TaskRepository['putResult'];
  readonly statistics: Pick<StatisticsRepository, 'listEndpoints' | 'listHours'>;
  readonly listEndpoints: EndpointRepository['listForFanOut'];
}

export interface RunStatisticsSliceDeps {
  readonly tasks: Pick<TaskRepository, 'advance'>;
  readonly statistics: StatisticsDeps;
  readonly clock: Clock;
  readonly log: Log;
}

/** Applications that are looked at together. */
const pageSize = 5;
/** A slice ends after the page that reaches one of these. */
const maxApplications = 250;
const maxEndpoints = 200;
/** A part of a result is one row, which can have 400 KB. */
const maxPartBytes = 200_000;

/**
 * Runs a slice of statistics: goes through applications of the organisation, and stores what it finds of each. A slice that
 * is run again replaces what it has stored before.
 */
export const createRunStatisticsSlice =
  (deps: RunStatisticsSliceDeps) =>
  async (task: StatisticsTask, hasTime: () => boolean): Promise<void> => {
    const { entries, ...result } = await collect(deps.statistics, task, hasTime);
    if (task.resultBytes + result.resultBytes > maxResultBytes) {
      await failTask(deps, task, tooLarge);
      return;
    }
    await deps.statistics.putResult(task, { slice: task.slice, entries });
    const next = afterStatistics(task, result, deps.clock());
    if ((await deps.tasks.advance(next, task)) === 'stale') return;
    const { taskId, work, slice, status } = next;
    deps.log.info('task.slice_done', { taskId, kind: work.kind, slice, counted: result.counted, status });
  };

type Collected = StatisticsResult & { readonly entries: readonly TaskResultEntry[] };

async function collect(deps: StatisticsDeps, task: StatisticsTask, hasTime: () => boolean): Promise<Collected> {
  const entries: TaskResultEntry[] = [];
  let endpoints = 0;
  let { cursor } = task;
  for (;;) {
    const { names, reached, isLast } = await nextApplications(deps.applications, task, cursor);
    const found = await Promise.all(names.map((name) => look(deps, task.work, name)));
    entries.push(...found.map(({ entry }) => entry));
    endpoints += found.reduce((sum, one) => sum + one.endpoints, 0);
    cursor = reached ?? cursor;
    const resultBytes = Buffer.byteLength(JSON.stringify(entries));
    const isFull = entries.length >= maxApplications || endpoints >= maxEndpoints || resultBytes >= maxPartBytes;
    if (!isLast && !isFull && hasTime()) continue;
    const end = { done: isLast, ...(cursor !== undefined && { cursor }) };
    return { entries, counted: entries.length, resultBytes, ...end };
  }
}

const tooLarge = `the result is larger than ${maxResultBytes} bytes: there are too many applications for one answer`;

interface Applications {
  readonly names: readonly ApplicationName[];
  /** The last id that was looked for. */
  readonly reached: string | undefined;
  readonly isLast: boolean;
}

async function nextApplications(
  applications: ApplicationNames,
  { organisationId, work }: StatisticsTask,
  cursor: string | undefined,
): Promise<Applications> {
  const asked = work.kind === 'application.stats' ? work.applicationIds : undefined;
  if (!asked) {
    const page = await applications.list(organisationId, {
      limit: pageSize,
      ...(cursor !== undefined && { after: cursor }),
    });
    return { ...page, reached: page.names.at(-1)?.applicationId };
  }
  const start = cursor === undefined ? 0 : asked.indexOf(cursor) + 1;
  const ids = asked.slice(start, start + pageSize);
  const found = await Promise.all(ids.map((id) => applications.find(organisationId, id)));
  // One that was deleted meanwhile has no statistics any more.
  const names = found.flatMap((name) => name ?? []);
  return { names, reached: ids.at(-1), isLast: start + pageSize >= asked.length };
}

const look = (
  { statistics, listEndpoints }: StatisticsDeps,
  work: UsageWork | SubscriptionsWork,
  name: ApplicationName,
): Promise<Found> =>
  work.kind === 'application.stats' ? countAttempts(statistics, work, name) : readSubscriptions(listEndpoints, name);
