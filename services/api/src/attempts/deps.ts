import { createAttemptRepository } from '@posthorn/models/attempts';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import {
  createFindEndpoint,
  createListAllEndpoints,
  createListDeletedEndpoints,
} from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { AttemptsApiDeps } from './attempts-api.ts';

export function loadAttemptsDeps(host: FunctionHost): AttemptsApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('attempts', host);
  const { successRetentionDays: successDays, failureRetentionDays: failureDays } = configuration;
  return {
    ...deps,
    endpoints: {
      find: createFindEndpoint(store),
      listAll: createListAllEndpoints(store),
      listDeleted: createListDeletedEndpoints(store),
    },
    messages: createMessageRepository(store),
    attempts: createAttemptRepository({ ...store, retention: { successDays, failureDays } }),
    deliveries: createDeliveryRepository(store),
    statistics: createStatisticsRepository(store),
  };
}
