import { postMessageOperations } from '@posthorn/contracts/api/message';
import {
  type AcceptMessageDeps,
  createMessageAcceptor,
  type FindTargetDeps,
  type MessageIdentity,
  type MessageTarget,
} from '@posthorn/intake';
import { type AuthenticationDeps, authentication, callerOf } from '../authentication/authentication.ts';
import { requireAccess } from '../authentication/require-access.ts';
import { jsonText } from '../http/answer.ts';
import type { ApiEvent } from '../http/api-event.ts';
import { type ApiLogs, createApiStack } from '../http/api-stack.ts';
import { readQuery } from '../http/read-query.ts';
import { requireName } from '../http/require-name.ts';

import { requestKeyOf } from '../idempotency/request-identity.ts';
import { toMessageText } from '../messages/message-out.ts';

import { createMessageTargetFinder } from './find-message-target.ts';
import { readMessage } from './read-message.ts';

export interface PostMessageApiDeps extends AcceptMessageDeps, FindTargetDeps, AuthenticationDeps, ApiLogs {}

const contract = postMessageOperations['v1.message.create'];

/** The function that is called most often: it serves one operation and loads only what that needs. */
export function createPostMessageApi(deps: PostMessageApiDeps) {
  const findTarget = createMessageTargetFinder(deps);
  const acceptMessage = createMessageAcceptor(deps);
  return createApiStack(deps)
    .use(authentication(deps))
    .handler(async (event) => {
      event.operation = contract;
      const caller = callerOf(event);
      requireAccess(caller, contract);
      const { with_content: withContent = true } = readQuery(contract.query, event.rawQueryString);
      const { message, application, hasObject } = readMessage(event.bodyText, deps.clock());
      const { organisationId } = caller;
      const idOrUid = requireName(event.pathParameters?.app_id);
      const target = await findTarget({ organisationId, idOrUid, application });
      const accepted = await acceptMessage({ target, message, identity: identityOf(event, target) });
      return jsonText(202, toMessageText(accepted.message, withContent, hasObject ? message.body : undefined));
    });
}

/** Contains the application's id, not its uid. The id is known after the application was found or created. */
function identityOf({ headers, rawQueryString }: ApiEvent, { application }: MessageTarget): MessageIdentity {
  const idempotencyKey = headers['idempotency-key'];
  if (!idempotencyKey) return { kind: 'fresh' };
  const { organisationId, applicationId } = application;
  const identity = { operation: contract.id, organisationId, ids: [applicationId], query: rawQueryString };
  return { kind: 'claimed', key: requestKeyOf({ ...identity, idempotencyKey }) };
}
