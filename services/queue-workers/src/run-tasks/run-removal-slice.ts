import {
  afterRemoval,
  type Clock,
  type EndpointRepository,
  type Log,
  type RemovalResult,
  type RemovalTask,
  type TaskRepository,
} from '@posthorn/core';
import type { RemovalPlace, RemoveApplicationRows } from '@posthorn/models/application-remains';
import { endTasks } from './end-tasks.ts';

/** What the removal of an application needs. */
export interface RemovalDeps {
  readonly listEndpoints: EndpointRepository['listForFanOut'];
  readonly deleteEndpoint: EndpointRepository['delete'];
  readonly removeRows: RemoveApplicationRows;
}

export interface RunRemovalSliceDeps {
  readonly tasks: Pick<TaskRepository, 'find' | 'list' | 'advance'>;
  readonly removal: RemovalDeps;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * When the last round begins, after the application was deleted. A request that found the application before ends within
 * 25 s, a worker within 90 s, and the triggers are seconds behind.
 */
export const settleMs = 5 * 60_000;
/** Between two slices, so that a large application is removed at a rate that nobody else feels. */
const pauseSeconds = 1;

/** How far the removal is. `stoppedAt`: since when nothing new can be begun for the application. */
interface Cursor {
  readonly round: 'first' | 'last';
  readonly stoppedAt: string;
  readonly place?: RemovalPlace;
}

/**
 * Runs a slice of the removal of an application. It has two rounds. The first one begins at once. Whoever was at work when
 * the application was deleted can still store something: an attempt that was under way, a message that was just accepted.
 * So the last round begins some minutes later, and removes that, and what the first one needed to find the rest.
 *
 * The request that started the task has deleted the application, and its endpoints if it did not die before.
 */
export const createRunRemovalSlice =
  (deps: RunRemovalSliceDeps) =>
  async (task: RemovalTask, hasTime: () => boolean): Promise<void> => {
    const result = await remove(deps, task, hasTime);
    const next = afterRemoval(task, result, deps.clock());
    if ((await deps.tasks.advance(next, task)) === 'stale') return;
    const { applicationId, taskId, work, slice, status } = next;
    const { removed, removedOthers } = result;
    const fields = { taskId, applicationId, kind: work.kind, slice, removed, removedOthers, status };
    deps.log.info('task.slice_done', fields);
  };

async function remove(deps: RunRemovalSliceDeps, task: RemovalTask, hasTime: () => boolean): Promise<RemovalResult> {
  const cursor = readCursor(task.cursor) ?? { round: 'first', stoppedAt: await stop(deps, task) };
  const isFinal = cursor.round === 'last';
  const waitSeconds = secondsLeft(cursor, deps.clock());
  if (isFinal && waitSeconds > 0) return { removed: 0, removedOthers: 0, done: false, pauseSeconds: waitSeconds };
  const { applicationId, taskId } = task;
  // Those that were started by requests which had found the application before. Rows that are removed tell nothing.
  if (isFinal && !cursor.place) await endTasks(deps, task);
  const part = { applicationId, taskId, place: cursor.place, isFinal, hasTime };
  const { messages: removed, others: removedOthers, next } = await deps.removal.removeRows(part);
  if (next) return { removed, removedOthers, ...moved({ ...cursor, place: next }), pauseSeconds };
  if (isFinal) return { removed, removedOthers, done: true, pauseSeconds: 0 };
  const last: Cursor = { round: 'last', stoppedAt: cursor.stoppedAt };
  return { removed, removedOthers, ...moved(last), pauseSeconds: secondsLeft(last, deps.clock()) };
}

const moved = (cursor: Cursor) => ({ cursor: JSON.stringify(cursor), done: false });

const secondsLeft = ({ stoppedAt }: Cursor, now: Date): number =>
  Math.max(0, Math.ceil((Date.parse(stoppedAt) + settleMs - now.getTime()) / 1000));

/**
 * Deletes the endpoints, those that cannot be read too, and ends the other tasks. Their rows stay until the last round, so
 * that a client which looks at them in between finds out.
 */
async function stop(deps: RunRemovalSliceDeps, task: RemovalTask): Promise<string> {
  const { removal, clock } = deps;
  const { applicationId } = task;
  for (const { endpointId } of await removal.listEndpoints(applicationId)) {
    await removal.deleteEndpoint({ applicationId, endpointId }, clock());
  }
  await endTasks(deps, task);
  return clock().toISOString();
}

/** Only this file writes the text. */
const readCursor = (text: string | undefined): Cursor | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Cursor);
