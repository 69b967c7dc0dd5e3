import { createEventTypeRepository } from '@posthorn/models/event-types';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { EventTypesApiDeps } from './event-types-api.ts';

export function loadEventTypesDeps(environment: NodeJS.ProcessEnv): EventTypesApiDeps {
  const { store, ...deps } = loadApiDeps('event-types', environment);
  return { ...deps, eventTypes: createEventTypeRepository(store) };
}
