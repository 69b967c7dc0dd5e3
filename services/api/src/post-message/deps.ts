import { orderLeaseMs } from '@posthorn/intake';
import { createAcceptingMessages } from '@posthorn/models/accepting-messages';
import { createEnforcementChecks } from '@posthorn/models/enforcement';
import { createInsertApplication } from '@posthorn/models/insert-application';
import type { CheckingHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { PostMessageApiDeps } from './post-message-api.ts';

const dayMs = 24 * 60 * 60 * 1000;

export function loadPostMessageDeps(host: CheckingHost): PostMessageApiDeps {
  const { configuration, store, ...deps } = loadApiDeps('post-message', host);
  return {
    ...deps,
    insertApplication: createInsertApplication(store),
    messages: createAcceptingMessages({ ...store, deflateFrom: configuration.deflateFrom }),
    retentionMs: configuration.messageRetentionDays * dayMs,
    orderLeaseMs,
    enforcement: createEnforcementChecks(store),
    checkPayload: host.checkPayload,
  };
}
