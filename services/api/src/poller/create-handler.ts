import type { PollerHost } from '../cold-start/function-host.ts';
import { loadPollerDeps } from './deps.ts';
import { createPollerApi } from './poller-api.ts';

export function createHandler(host: PollerHost) {
  return createPollerApi(loadPollerDeps(host));
}
