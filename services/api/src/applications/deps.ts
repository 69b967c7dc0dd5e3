import { createApplicationRepository } from '@posthorn/models/applications';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { ApplicationsApiDeps } from './applications-api.ts';

export function loadApplicationsDeps(environment: NodeJS.ProcessEnv): ApplicationsApiDeps {
  const { store, ...deps } = loadApiDeps('applications', environment);
  return { ...deps, applications: createApplicationRepository(store), endpoints: createEndpointRepository(store) };
}
