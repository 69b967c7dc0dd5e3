import { createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createMessageContentRepository } from '@posthorn/models/message-content';
import { createMessageRepository } from '@posthorn/models/messages';
import type { FunctionHost } from '../cold-start/function-host.ts';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createMessagesApi } from './messages-api.ts';

export function createHandler(host: FunctionHost) {
  const { store, ...deps } = loadApiDeps('messages', host);

  return createMessagesApi({
    ...deps,
    endpoints: { listForFanOut: createListForFanOut(store) },
    messages: { ...createMessageRepository(store), ...createMessageContentRepository(store) },
  });
}
