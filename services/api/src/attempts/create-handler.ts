import type { FunctionHost } from '../cold-start/function-host.ts';
import { createAttemptsApi } from './attempts-api.ts';
import { loadAttemptsDeps } from './deps.ts';

export function createHandler(host: FunctionHost) {
  return createAttemptsApi(loadAttemptsDeps(host));
}
