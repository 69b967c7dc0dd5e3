import type { BeginRemoval } from '@posthorn/core';
import type { inMemoryApplications } from './applications.ts';
import type { inMemoryTasks } from './tasks.ts';

/** Both changes are made before anything else can run. */
export const inMemoryBeginRemoval =
  (
    applications: Pick<ReturnType<typeof inMemoryApplications>, 'all' | 'delete'>,
    tasks: Pick<ReturnType<typeof inMemoryTasks>, 'insert'>,
  ): BeginRemoval =>
  async (task) => {
    const { organisationId, applicationId } = task;
    const found = applications
      .all()
      .find((one) => one.organisationId === organisationId && one.applicationId === applicationId);
    if (!found) return 'gone';
    await Promise.all([applications.delete(found), tasks.insert(task)]);
    return 'begun';
  };
