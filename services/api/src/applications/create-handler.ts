import { createApplicationRepository } from '@posthorn/models/applications';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createTaskRepository } from '@posthorn/models/tasks';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createApplicationsApi } from './applications-api.ts';

export function createHandler(host: FunctionHost) {
  const { configuration, store, ...deps } = loadApiDeps('applications', host);

  return createApplicationsApi({
    ...deps,
    applications: createApplicationRepository(store),
    endpoints: createEndpointRepository({
      ...store,
      successDays: configuration.successRetentionDays,
      failureDays: configuration.failureRetentionDays,
    }),
    tasks: createTaskRepository(store),
  });
}
