import { postMessageOperations } from '@posthorn/contracts/api/message';
import {
  type AcceptMessageDeps,
  createMessageAcceptor,
  type FindTargetDeps,
  type MessageIdentity,
} from '@posthorn/intake';
import type { Log } from '@posthorn/platform';
import { type AuthenticationDeps, authentication, callerOf } from '../authentication/authentication.ts';
import { requireAccess } from '../authentication/require-access.ts';
import { jsonText } from '../http/answer.ts';
import type { ApiEvent } from '../http/api-event.ts';
import { createApiStack } from '../http/api-stack.ts';
import { readQuery } from '../http/read-query.ts';
import { requireName } from '../http/require-name.ts';
import { toMessageText } from '../messages/message-out.ts';
import { createMessageTargetFinder } from './find-message-target.ts';
import { messageClaimKey } from './message-claim-key.ts';
import { readMessage } from './read-message.ts';

export interface PostMessageApiDeps extends AcceptMessageDeps, FindTargetDeps, AuthenticationDeps {
  readonly log: Log;
}

const contract = postMessageOperations['v1.message.create'];

/** The function that is called most often: it serves one operation and loads only what that needs. */
export function createPostMessageApi(deps: PostMessageApiDeps) {
  const findTarget = createMessageTargetFinder(deps);
  const acceptMessage = createMessageAcceptor(deps);
  return createApiStack(deps)
    .use(authentication(deps))
    .handler(async (event) => {
      const caller = callerOf(event);
      requireAccess(caller, contract.access);
      const { with_content: withContent = true } = readQuery(contract.query, event.rawQueryString);
      const { message, application } = readMessage(event.bodyText);
      const { organisationId } = caller;
      const named = requireName(event.pathParameters?.app_id);
      const target = await findTarget({ organisationId, named, application });
      const accepted = await acceptMessage({ target, message, identity: identityOf(event) });
      return jsonText(202, toMessageText(accepted.message, withContent));
    });
}

function identityOf(event: ApiEvent): MessageIdentity {
  const key = messageClaimKey(event);
  return key === undefined ? { kind: 'fresh' } : { kind: 'claimed', key };
}
