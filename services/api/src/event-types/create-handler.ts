import { createEnforcementRepository } from '@posthorn/models/enforcement';
import { createEventTypeRepository } from '@posthorn/models/event-types';
import { createRetryScheduleRepository } from '@posthorn/models/retry-schedules';
import type { CheckingHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createEventTypesApi } from './event-types-api.ts';

export function createHandler(host: CheckingHost) {
  const { store, ...deps } = loadApiDeps('event-types', host);

  return createEventTypesApi({
    ...deps,
    eventTypes: createEventTypeRepository(store),
    enforcement: createEnforcementRepository(store),
    checkPayload: host.checkPayload,
    retrySchedules: createRetryScheduleRepository(store),
  });
}
