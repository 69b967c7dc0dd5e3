import { createFindEndpoint } from '@posthorn/models/endpoint-reads';
import { createTaskRepository } from '@posthorn/models/tasks';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createBackgroundTasksApi } from './background-tasks-api.ts';

export function createHandler(host: FunctionHost) {
  const { configuration, store, ...deps } = loadApiDeps('background-tasks', host);

  return createBackgroundTasksApi({
    ...deps,
    endpoints: { find: createFindEndpoint(store) },
    tasks: createTaskRepository(store),
    successRetentionDays: configuration.successRetentionDays,
  });
}
