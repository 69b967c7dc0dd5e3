import {
  afterStatistics,
  type Clock,
  type EndpointRepository,
  type Log,
  maxResultBytes,
  type StatisticsRepository,
  type StatisticsResult,
  type StatisticsTask,
  type TaskRepository,
  type TaskResultEntry,
} from '@posthorn/core';
import type { ApplicationName, ApplicationNames } from '@posthorn/models/application-names';
import { countAttempts, maxEndpoints } from './count-attempts.ts';
import { failTask } from './fail-task.ts';
import type { Found, Look } from './found.ts';
import { readSubscriptions } from './read-subscriptions.ts';
import { addFound, emptyPart, type ResultPart, readCursor, type StatisticsPlace, toCursor } from './result-part.ts';

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
/** A slice ends after the page that reaches this, or `maxEndpoints`. */
const maxApplications = 250;

/**
 * Runs a slice of statistics: goes through applications of the organisation, and stores what it finds of each. A slice that
 * is run again replaces what it has stored before. A large application takes more than one slice.
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
  let part: ResultPart = emptyPart;
  let endpoints = 0;
  let place = task.cursor === undefined ? undefined : readCursor(task.cursor);
  for (;;) {
    const { names, reached, isLast } = await nextApplications(deps.applications, task, place);
    const after = place?.after;
    const found = await Promise.all(names.map((name) => look(deps, { task, name }, { after, hasTime })));
    endpoints += found.reduce((sum, one) => sum + one.endpoints, 0);
    part = addFound(part, found);
    place = (part.isCut ? part.place : reached) ?? place;
    const { entries, counted, bytes: resultBytes, isCut } = part;
    const isFull = isCut || entries.length >= maxApplications || endpoints >= maxEndpoints;
    if (!isLast && !isFull && hasTime()) continue;
    return { entries, counted, resultBytes, done: isLast && !isCut, ...(place && { cursor: toCursor(place) }) };
  }
}

const tooLarge = `the result is larger than ${maxResultBytes} bytes: there are too many applications for one answer`;

interface Applications {
  readonly names: readonly ApplicationName[];
  /** The last one that was looked for. */
  readonly reached: StatisticsPlace | undefined;
  readonly isLast: boolean;
}

/** The rest of the application that is not complete, by itself. Otherwise those that follow. */
async function nextApplications(
  applications: ApplicationNames,
  { organisationId, work }: StatisticsTask,
  place: StatisticsPlace | undefined,
): Promise<Applications> {
  if (place?.after !== undefined) {
    const { applicationId } = place;
    const name = await applications.find(organisationId, applicationId);
    return { names: name ? [name] : [], reached: { applicationId }, isLast: false };
  }
  const asked = work.kind === 'application.stats' ? work.applicationIds : undefined;
  if (!asked) {
    const { names, isLast } = await applications.list(organisationId, {
      limit: pageSize,
      ...(place && { after: place.applicationId }),
    });
    return { names, reached: toPlace(names.at(-1)?.applicationId), isLast };
  }
  const start = place === undefined ? 0 : asked.indexOf(place.applicationId) + 1;
  const ids = asked.slice(start, start + pageSize);
  const found = await Promise.all(ids.map((id) => applications.find(organisationId, id)));
  // One that was deleted meanwhile has no statistics any more.
  const names = found.flatMap((name) => name ?? []);
  return { names, reached: toPlace(ids.at(-1)), isLast: start + pageSize >= asked.length };
}

const toPlace = (applicationId: string | undefined): StatisticsPlace | undefined =>
  applicationId === undefined ? undefined : { applicationId };

const look = (
  { statistics, listEndpoints }: StatisticsDeps,
  { task: { work }, name }: { readonly task: StatisticsTask; readonly name: ApplicationName },
  where: Look,
): Promise<Found> =>
  work.kind === 'application.stats'
    ? countAttempts(statistics, { work, name }, where)
    : readSubscriptions(listEndpoints, name, where);
