import { loadEventTypesDeps } from './deps.ts';
import { createEventTypesApi } from './event-types-api.ts';

export const handler = createEventTypesApi(loadEventTypesDeps(process.env));
