import { orderLeaseMs } from '@posthorn/intake';
import { createOrdering } from '@posthorn/models/application-ordering';
import { createMessageLogRepository } from '@posthorn/models/message-log';
import { createPollStateRepository } from '@posthorn/models/poll-states';
import { createReadPolledMessages } from '@posthorn/models/polled-messages';
import type { PollerHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import type { PollerApiDeps } from './poller-api.ts';

export function loadPollerDeps(host: PollerHost): PollerApiDeps {
  const { configuration: _, store, ...deps } = loadApiDeps('poller', host);
  const { logNotices, endOfRequest } = host;
  return {
    ...deps,
    applications: createOrdering(store),
    messageLog: createMessageLogRepository(store),
    pollStates: createPollStateRepository(store),
    readPolledMessages: createReadPolledMessages(store),
    orderLeaseMs,
    ...(logNotices && endOfRequest && { holding: { logNotices, endOfRequest } }),
  };
}
