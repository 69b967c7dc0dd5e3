import { createApplicationRepository } from '@posthorn/models/applications';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createEventTypeRepository } from '@posthorn/models/event-types';
import { createSecretBox, sealingKeyOf } from '@posthorn/secrets/secret-box';
import { loadApiDeps, orderLeaseMs } from '../cold-start/load-api-deps.ts';
import type { DestinationsApiDeps } from './destinations-api.ts';

export function loadDestinationsDeps(environment: NodeJS.ProcessEnv): DestinationsApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('destinations', environment);
  return {
    ...deps,
    applications: createApplicationRepository(store),
    endpoints: createEndpointRepository(store),
    eventTypes: createEventTypeRepository(store),
    seal: createSecretBox(sealingKeyOf(configuration)),
    allowHttp: configuration.allowHttp,
    orderLeaseMs,
  };
}
