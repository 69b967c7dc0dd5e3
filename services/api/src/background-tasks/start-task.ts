import { DomainError, type Endpoint, type Task, type TaskRepository, type TaskWork } from '@posthorn/core';
import { conflict } from '../http/refusals.ts';
import { idFrom, type RequestOrigin } from '../idempotency/request-origin.ts';

const dayMs = 24 * 3_600_000;

export interface StartTaskDeps {
  readonly tasks: Pick<TaskRepository, 'insert' | 'find'>;
  /** How long the records of successful attempts are kept. */
  readonly successRetentionDays: number;
}

interface StartRequest {
  readonly endpoint: Endpoint;
  readonly work: TaskWork;
  readonly origin: RequestOrigin;
  readonly now: Date;
}

/**
 * Stores a new task. The trigger of the table starts it. The same request starts it once, however often it is taken up again.
 *
 * @throws DomainError `conflict` if the endpoint is disabled, `invalid_range` if it is not known any more what was sent
 */
export const createTaskStarter =
  ({ tasks, successRetentionDays }: StartTaskDeps) =>
  async ({ endpoint, work, origin, now }: StartRequest): Promise<Task> => {
    const { organisationId, applicationId, endpointId } = endpoint;
    const taskId = idFrom(origin, 'task');
    const started = origin.isResumed ? await tasks.find(organisationId, taskId) : undefined;
    if (started) return started;
    if (endpoint.disabled) throw conflict('The endpoint is disabled: enable it first');
    if (work.kind === 'endpoint.replay') requireKnownAttempts(endpoint, work.since, { successRetentionDays, now });
    const task: Task = {
      organisationId,
      applicationId,
      endpointId,
      taskId,
      work,
      status: 'running',
      slice: 0,
      sent: 0,
      skipped: 0,
      pauseSeconds: 0,
      createdAt: now,
      updatedAt: now,
    };
    if ((await tasks.insert(task)) === 'inserted') return task;
    return (await tasks.find(organisationId, taskId)) ?? task;
  };

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
