import { postMessageOperations } from '@posthorn/contracts/api/message';
import type { Log } from '@posthorn/platform';
import { type AuthenticationDeps, authentication, callerOf } from '../authentication/authentication.ts';
import { requireAccess } from '../authentication/caller.ts';
import { jsonText } from '../http/answer.ts';
import { createApiStack } from '../http/api-stack.ts';
import { readQuery } from '../http/read-query.ts';
import { requireName } from '../http/require-name.ts';
import { messageClaimKey } from '../message/claim-keys.ts';
import { toMessageText } from '../message/message-out.ts';
import { createPostMessage, type PostMessageDeps } from './post-message.ts';
import { readMessage } from './read-message.ts';

export interface PostMessageApiDeps extends PostMessageDeps, AuthenticationDeps {
  readonly log: Log;
}

const contract = postMessageOperations['v1.message.create'];

/** The function that is called most often: it serves one operation and loads only what that needs. */
export function createPostMessageApi(deps: PostMessageApiDeps) {
  const postMessage = createPostMessage(deps);
  return createApiStack(deps)
    .use(authentication(deps))
    .handler(async (event) => {
      const caller = callerOf(event);
      requireAccess(caller, contract.access);
      const { with_content: withContent = true } = readQuery(contract.query, event.rawQueryString);
      const message = readMessage(event.bodyText);
      const claimKey = messageClaimKey(event);
      const accepted = await postMessage({
        caller,
        applicationIdOrUid: requireName(event.pathParameters?.app_id),
        message,
        ...(claimKey === undefined ? {} : { claimKey }),
      });
      return jsonText(202, toMessageText(accepted, withContent));
    });
}
