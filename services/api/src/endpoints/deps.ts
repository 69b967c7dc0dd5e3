import { orderLeaseMs } from '@posthorn/intake';
import { createAcceptingMessages } from '@posthorn/models/accepting-messages';
import { createApplicationRepository } from '@posthorn/models/applications';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createDataKeyRepository } from '@posthorn/models/data-keys';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createEventTypeRepository } from '@posthorn/models/event-types';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createSecretBox, sealingKeyOf } from '@posthorn/secrets/secret-box';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { EndpointsApiDeps } from './endpoints-api.ts';

const dayMs = 24 * 3_600_000;

export function loadEndpointsDeps(host: FunctionHost): EndpointsApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('endpoints', host);
  return {
    ...deps,
    applications: createApplicationRepository(store),
    endpoints: createEndpointRepository({
      ...store,
      successDays: configuration.successRetentionDays,
      failureDays: configuration.failureRetentionDays,
    }),
    eventTypes: createEventTypeRepository(store),
    statistics: createStatisticsRepository(store),
    attempts: createAttemptRepository(store),
    deliveries: createDeliveryRepository(store),
    messages: createAcceptingMessages({ ...store, deflateFrom: configuration.deflateFrom }),
    retentionMs: configuration.messageRetentionDays * dayMs,
    orderLeaseMs,
    maxEndpoints: configuration.maxEndpoints,
    seal: createSecretBox({ key: sealingKeyOf(configuration), dataKeys: createDataKeyRepository(store) }),
    allowHttp: configuration.allowHttp,
    allowedPorts: configuration.allowedPorts,
  };
}
