import { createApplicationRepository } from '@posthorn/models/applications';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createApplicationsApi } from './applications-api.ts';

const { store, ...deps } = loadApiDeps('applications', process.env);

export const handler = createApplicationsApi({
  ...deps,
  applications: createApplicationRepository(store),
  endpoints: createEndpointRepository(store),
});
