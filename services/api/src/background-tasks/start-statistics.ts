import type { AppUsageStatsIn } from '@posthorn/contracts/api/statistics';
import {
  type ApplicationRepository,
  DomainError,
  newTaskProgress,
  type StatisticsTask,
  type Task,
  type TaskRepository,
} from '@posthorn/core';
import { invalidField } from '../http/refusals.ts';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { insertOnce } from './start-task.ts';

export interface StartStatisticsDeps {
  readonly tasks: Pick<TaskRepository, 'insert' | 'find'>;
  readonly findAccepting: ApplicationRepository['findAccepting'];
}

interface StartRequest {
  readonly organisationId: string;
  readonly origin: RequestOrigin;
  readonly now: Date;
}

/** A task that counts attempts, and the names for which there is no application. */
export interface StartedUsage {
  readonly task: Task;
  readonly unresolved: readonly string[];
}

const hourMs = 3_600_000;
const lookupsAtATime = 25;

/**
 * Stores a task that counts the attempts of applications. The same request starts it once.
 *
 * @throws DomainError `invalid_range` if the window is empty, ValidationError if none of the applications exists
 */
export const createUsageStarter =
  (deps: StartStatisticsDeps) =>
  async (input: AppUsageStatsIn, { organisationId, origin, now }: StartRequest): Promise<StartedUsage> => {
    const { since, until, appIds } = input;
    const end = until < now ? until : now;
    if (since >= end) throw new DomainError('invalid_range', 'since must be before until, and in the past');
    const asked = appIds == null ? undefined : await resolve(deps, organisationId, appIds);
    if (asked && asked.applicationIds.length === 0)
      throw invalidField(['body', 'appIds'], 'no application has any of these ids or uids');
    const task = await start(deps, {
      organisationId,
      origin,
      now,
      work: {
        kind: 'application.stats',
        since: new Date(Math.floor(since.getTime() / hourMs) * hourMs),
        until: new Date(Math.ceil(end.getTime() / hourMs) * hourMs),
        ...(asked && { applicationIds: asked.applicationIds }),
      },
    });
    return { task, unresolved: asked?.unresolved ?? [] };
  };

/** Stores a task that lists the event types that endpoints ask for. */
export const createSubscriptionsStarter =
  (deps: StartStatisticsDeps) =>
  (request: StartRequest): Promise<Task> =>
    start(deps, { ...request, work: { kind: 'event-type.aggregate' } });

const start = (
  { tasks }: StartStatisticsDeps,
  { organisationId, origin, now, work }: StartRequest & Pick<StatisticsTask, 'work'>,
): Promise<Task> => {
  const own = { organisationId, taskId: idFrom(origin, 'task'), work, counted: 0, resultBytes: 0 };
  return insertOnce(tasks, { ...own, ...newTaskProgress(now) });
};

/** An application that is named twice is counted once. */
async function resolve(
  { findAccepting }: StartStatisticsDeps,
  organisationId: string,
  names: readonly string[],
): Promise<{ readonly applicationIds: readonly string[]; readonly unresolved: readonly string[] }> {
  const different = [...new Set(names)];
  const applicationIds = new Set<string>();
  const unresolved: string[] = [];
  for (let start = 0; start < different.length; start += lookupsAtATime) {
    const some = different.slice(start, start + lookupsAtATime);
    const found = await Promise.all(some.map((name) => findAccepting(organisationId, name)));
    for (const [index, application] of found.entries()) {
      if (application) applicationIds.add(application.applicationId);
      else unresolved.push(some[index] ?? '');
    }
  }
  return { applicationIds: [...applicationIds], unresolved };
}
