import type { CheckingHost } from '../cold-start/function-host.ts';
import { loadPostMessageDeps } from './deps.ts';
import { createPostMessageApi } from './post-message-api.ts';

export function createHandler(host: CheckingHost) {
  return createPostMessageApi(loadPostMessageDeps(host));
}
