import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadEndpointsDeps } from './deps.ts';
import { createEndpointsApi } from './endpoints-api.ts';

export function createHandler(host: FunctionHost) {
  return createEndpointsApi(loadEndpointsDeps(host));
}
