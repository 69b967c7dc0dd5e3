import { createApplicationRepository } from '@posthorn/models/applications';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createEventTypeRepository } from '@posthorn/models/event-types';
import { createRetryScheduleRepository } from '@posthorn/models/retry-schedules';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createRetrySchedulesApi } from './retry-schedules-api.ts';

export function createHandler(host: FunctionHost) {
  const { store, ...deps } = loadApiDeps('retry-schedules', host);
  return createRetrySchedulesApi({
    ...deps,
    applications: createApplicationRepository(store),
    endpoints: createEndpointRepository(store),
    eventTypes: createEventTypeRepository(store),
    retrySchedules: createRetryScheduleRepository(store),
  });
}
