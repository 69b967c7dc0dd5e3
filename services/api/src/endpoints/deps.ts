import { createApplicationRepository } from '@posthorn/models/applications';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createEventTypeRepository } from '@posthorn/models/event-types';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createSecretBox, sealingKeyOf } from '@posthorn/secrets/secret-box';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { EndpointsApiDeps } from './endpoints-api.ts';

export function loadEndpointsDeps(environment: NodeJS.ProcessEnv): EndpointsApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('endpoints', environment);
  return {
    ...deps,
    applications: createApplicationRepository(store),
    endpoints: createEndpointRepository(store),
    eventTypes: createEventTypeRepository(store),
    statistics: createStatisticsRepository(store),
    seal: createSecretBox(sealingKeyOf(configuration)),
    allowHttp: configuration.allowHttp,
  };
}
