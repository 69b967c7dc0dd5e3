import { createApplicationRepository } from '@posthorn/models/applications';
import { createBeginRemoval } from '@posthorn/models/begin-removal';
import { createEndpointRepository } from '@posthorn/models/endpoints';
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
    beginRemoval: createBeginRemoval(store),
  });
}
