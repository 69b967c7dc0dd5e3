import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadDestinationsDeps } from './deps.ts';
import { createDestinationsApi } from './destinations-api.ts';

export function createHandler(host: FunctionHost) {
  return createDestinationsApi(loadDestinationsDeps(host));
}
