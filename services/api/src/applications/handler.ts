import { createApplicationsApi } from './applications-api.ts';
import { loadApplicationsDeps } from './deps.ts';

export const handler = createApplicationsApi(loadApplicationsDeps(process.env));
