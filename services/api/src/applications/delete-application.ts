import {
  type Application,
  type BeginRemoval,
  createId,
  type EndpointRepository,
  idEntropyBytes,
  newTaskProgress,
  type RemovalTask,
} from '@posthorn/core';
import type { RandomBytes } from '../storing/random-bytes.ts';

export interface DeleteApplicationDeps {
  readonly beginRemoval: BeginRemoval;
  readonly endpoints: Pick<EndpointRepository, 'listForFanOut' | 'delete'>;
  readonly randomBytes: RandomBytes;
}

const deletedTogether = 20;

/**
 * Deletes an application. Without its endpoints nothing more is sent: a worker reads the endpoint before each attempt. A
 * background task removes everything else.
 *
 * The endpoints go first: if that fails halfway, the request can be repeated. Once the application is deleted and its task
 * is stored, the task does what this request may not come to. Another request may have been faster: it has stored the task.
 * In the end this looks for endpoints that were created meanwhile.
 */
export const createApplicationDeleter =
  (deps: DeleteApplicationDeps) =>
  async (application: Application, now: Date): Promise<void> => {
    await deleteEndpoints(deps.endpoints, application, now);
    await deps.beginRemoval(removalOf(application, now, deps.randomBytes));
    await deleteEndpoints(deps.endpoints, application, now);
  };

const removalOf = (
  { organisationId, applicationId, uid }: Application,
  now: Date,
  randomBytes: RandomBytes,
): RemovalTask => ({
  organisationId,
  applicationId,
  taskId: createId('task', now, randomBytes(idEntropyBytes)),
  work: { kind: 'application.purge_content', removes: 'application', ...(uid !== undefined && { uid }) },
  removed: 0,
  removedOthers: 0,
  ...newTaskProgress(now),
});

/** Also those whose row cannot be read. */
async function deleteEndpoints(
  endpoints: DeleteApplicationDeps['endpoints'],
  { applicationId }: Application,
  now: Date,
): Promise<void> {
  const found = await endpoints.listForFanOut(applicationId);
  for (let start = 0; start < found.length; start += deletedTogether) {
    const some = found.slice(start, start + deletedTogether);
    await Promise.all(some.map(({ endpointId }) => endpoints.delete({ applicationId, endpointId }, now)));
  }
}
