import { createEventTypeRepository } from '@posthorn/models/event-types';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createEventTypesApi } from './event-types-api.ts';

const { store, ...deps } = loadApiDeps('event-types', process.env);

export const handler = createEventTypesApi({ ...deps, eventTypes: createEventTypeRepository(store) });
