import {
  DomainError,
  type Endpoint,
  type EndpointWork,
  idResolutionMs,
  newTaskProgress,
  type PurgeTask,
  type Task,
  type TaskRepository,
} from '@posthorn/core';
import { conflict } from '../http/refusals.ts';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';

const dayMs = 24 * 3_600_000;

export interface StartTaskDeps {
  readonly tasks: Pick<TaskRepository, 'insert' | 'find'>;
  /** How long the records of successful attempts are kept. */
  readonly successRetentionDays: number;
}

interface Start {
  readonly origin: RequestOrigin;
  readonly now: Date;
}
interface StartRequest extends Start {
  readonly endpoint: Endpoint;
  readonly work: EndpointWork;
}
type Owner = Pick<PurgeTask, 'organisationId' | 'applicationId'>;
interface PurgeRequest extends Start {
  readonly application: Owner;
}

/**
 * Stores a new task of an endpoint. The trigger of the table starts it. The same request starts it once, however often it
 * is taken up again.
 *
 * @throws DomainError `conflict` if the endpoint is disabled, `invalid_range` if it is not known any more what was sent
 */
export const createTaskStarter =
  ({ tasks, successRetentionDays }: StartTaskDeps) =>
  async ({ endpoint, work, origin, now }: StartRequest): Promise<Task> => {
    const state = newState(endpoint, { origin, now });
    const started = origin.isResumed ? await tasks.find(state.organisationId, state.taskId) : undefined;
    if (started) return started;
    if (endpoint.disabled) throw conflict('The endpoint is disabled: enable it first');
    if (work.kind === 'endpoint.replay') requireKnownAttempts(endpoint, work.since, { successRetentionDays, now });
    return insertOnce(tasks, { ...state, endpointId: endpoint.endpointId, work, sent: 0 });
  };

/** Stores a new task that expunges all messages that the application has now. It is started once too. */
export const createPurgeStarter =
  ({ tasks }: Pick<StartTaskDeps, 'tasks'>) =>
  async ({ application, origin, now }: PurgeRequest): Promise<Task> => {
    // A message that was accepted a moment ago can have an id of the same time.
    const until = new Date(now.getTime() + idResolutionMs);
    const work = { kind: 'application.purge_content', until } as const;
    return insertOnce(tasks, { ...newState(application, { origin, now }), work, purged: 0 });
  };

const newState = ({ organisationId, applicationId }: Owner, { origin, now }: Start) => ({
  organisationId,
  applicationId,
  taskId: idFrom(origin, 'task'),
  skipped: 0,
  ...newTaskProgress(now),
});

/** Stores a task, unless an earlier try of its request has stored it. */
export async function insertOnce(tasks: StartTaskDeps['tasks'], task: Task): Promise<Task> {
  if ((await tasks.insert(task)) === 'inserted') return task;
  return (await tasks.find(task.organisationId, task.taskId)) ?? task;
}

/** A message whose record has expired would look as if it had never been sent. */
function requireKnownAttempts(
  { createdAt }: Endpoint,
  since: Date,
  { successRetentionDays, now }: Pick<StartTaskDeps, 'successRetentionDays'> & { readonly now: Date },
): void {
  const knownSince = new Date(now.getTime() - successRetentionDays * dayMs);
  if (since >= knownSince || createdAt >= knownSince) return;
  throw new DomainError(
    'invalid_range',
    `since must be within the last ${successRetentionDays} days: it is not known what was sent before`,
  );
}
