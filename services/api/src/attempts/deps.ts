import { createApplicationRepository } from '@posthorn/models/applications';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createMessageRepository } from '@posthorn/models/messages';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { AttemptsApiDeps } from './attempts-api.ts';

export function loadAttemptsDeps(environment: NodeJS.ProcessEnv): AttemptsApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('attempts', environment);
  const { successRetentionDays: successDays, failureRetentionDays: failureDays } = configuration;
  return {
    ...deps,
    applications: createApplicationRepository(store),
    endpoints: createEndpointRepository(store),
    messages: createMessageRepository(store),
    attempts: createAttemptRepository({ ...store, retention: { successDays, failureDays } }),
  };
}
