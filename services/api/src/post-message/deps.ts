import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createMessageRepository } from '@posthorn/models/messages';
import { loadApiDeps, orderLeaseMs } from '../cold-start/load-api-deps.ts';
import type { PostMessageRequest } from './post-message.ts';
import type { PostMessageApiDeps } from './post-message-api.ts';

const dayMs = 24 * 60 * 60 * 1000;

export function loadPostMessageDeps(environment: NodeJS.ProcessEnv): PostMessageApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('post-message', environment);
  return {
    ...deps,
    findAccepting: createFindAccepting(store),
    // Few messages bring an application along: what it takes to create one is loaded when the first one does.
    createMissing: async (request: PostMessageRequest) => {
      const [{ createCreateMissing }, { createApplicationRepository }] = await Promise.all([
        import('./create-missing-application.ts'),
        import('@posthorn/models/applications'),
      ]);
      return createCreateMissing({ ...deps, applications: createApplicationRepository(store) })(request);
    },
    messages: createMessageRepository(store),
    retentionMs: configuration.messageRetentionDays * dayMs,
    orderLeaseMs,
  };
}
