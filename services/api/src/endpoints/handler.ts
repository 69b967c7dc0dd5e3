import { loadEndpointsDeps } from './deps.ts';
import { createEndpointsApi } from './endpoints-api.ts';

export const handler = createEndpointsApi(loadEndpointsDeps(process.env));
