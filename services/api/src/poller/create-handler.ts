import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadPollerDeps } from './deps.ts';
import { createPollerApi } from './poller-api.ts';

export function createHandler(host: FunctionHost) {
  return createPollerApi(loadPollerDeps(host));
}
