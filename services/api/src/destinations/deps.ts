import { orderLeaseMs } from '@posthorn/intake';
import { createApplicationRepository } from '@posthorn/models/applications';
import { createDataKeyRepository } from '@posthorn/models/data-keys';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createEventTypeRepository } from '@posthorn/models/event-types';
import { createMessageRepository } from '@posthorn/models/messages';
import { createParkedGroupRepository } from '@posthorn/models/parked-groups';
import { createPollStateRepository } from '@posthorn/models/poll-states';
import { createSecretBox, sealingKeyOf } from '@posthorn/secrets/secret-box';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { DestinationsApiDeps } from './destinations-api.ts';

export function loadDestinationsDeps(host: FunctionHost): DestinationsApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('destinations', host);
  return {
    ...deps,
    applications: createApplicationRepository(store),
    endpoints: createEndpointRepository({
      ...store,
      successDays: configuration.successRetentionDays,
      failureDays: configuration.failureRetentionDays,
    }),
    eventTypes: createEventTypeRepository(store),
    groups: createParkedGroupRepository(store),
    messages: createMessageRepository(store),
    pollStates: createPollStateRepository(store),
    seal: createSecretBox({ key: sealingKeyOf(configuration), dataKeys: createDataKeyRepository(store) }),
    allowHttp: configuration.allowHttp,
    allowedPorts: configuration.allowedPorts,
    maxEndpoints: configuration.maxEndpoints,
    orderLeaseMs,
  };
}
