import { loadPostMessageDeps } from './deps.ts';
import { createPostMessageApi } from './post-message-api.ts';

export const handler = createPostMessageApi(loadPostMessageDeps(process.env));
