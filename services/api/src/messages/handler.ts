import { createApplicationRepository } from '@posthorn/models/applications';
import { createMessageRepository } from '@posthorn/models/messages';
import { loadApiDeps } from '../cold-start/load-api-deps.ts';
import { createMessagesApi } from './messages-api.ts';

const { store, ...deps } = loadApiDeps('messages', process.env);

export const handler = createMessagesApi({
  ...deps,
  applications: createApplicationRepository(store),
  messages: createMessageRepository(store),
});
