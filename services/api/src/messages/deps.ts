import { createApplicationRepository } from '@posthorn/models/applications';
import { createMessageRepository } from '@posthorn/models/messages';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { MessagesApiDeps } from './messages-api.ts';

export function loadMessagesDeps(environment: NodeJS.ProcessEnv): MessagesApiDeps {
  const { store, ...deps } = loadApiDeps('messages', environment);
  return { ...deps, applications: createApplicationRepository(store), messages: createMessageRepository(store) };
}
