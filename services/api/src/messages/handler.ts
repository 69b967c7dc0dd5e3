import { loadMessagesDeps } from './deps.ts';
import { createMessagesApi } from './messages-api.ts';

export const handler = createMessagesApi(loadMessagesDeps(process.env));
