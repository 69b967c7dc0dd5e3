import {
  createId,
  DomainError,
  type Endpoint,
  idEntropyBytes,
  type Task,
  type TaskRepository,
  type TaskWork,
} from '@posthorn/core';
import { conflict } from '../http/refusals.ts';

const dayMs = 24 * 3_600_000;

export interface StartTaskDeps {
  readonly tasks: Pick<TaskRepository, 'insert'>;
  readonly randomBytes: (length: number) => Uint8Array;
  /** How long the records of successful attempts are kept. */
  readonly successRetentionDays: number;
}

/**
 * Stores a new task. The trigger of the table starts it.
 *
 * @throws DomainError `conflict` if the endpoint is disabled, `invalid_range` if it is not known any more what was sent
 */
export const createTaskStarter =
  ({ tasks, randomBytes, successRetentionDays }: StartTaskDeps) =>
  async (endpoint: Endpoint, work: TaskWork, now: Date): Promise<Task> => {
    if (endpoint.disabled) throw conflict('The endpoint is disabled: enable it first');
    if (work.kind === 'endpoint.replay') requireKnownAttempts(endpoint, work.since, { successRetentionDays, now });
    const task: Task = {
      organisationId: endpoint.organisationId,
      applicationId: endpoint.applicationId,
      endpointId: endpoint.endpointId,
      taskId: createId('task', now, randomBytes(idEntropyBytes)),
      work,
      status: 'running',
      slice: 0,
      sent: 0,
      skipped: 0,
      pauseSeconds: 0,
      createdAt: now,
      updatedAt: now,
    };
    await tasks.insert(task);
    return task;
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
