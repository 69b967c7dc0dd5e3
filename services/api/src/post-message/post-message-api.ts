import { postMessageOperations } from '@posthorn/contracts/api/message';
import { DomainError, isPassingError, type ListedMessage, ValidationError } from '@posthorn/core';
import {
  type AcceptMessageDeps,
  createMessageAcceptor,
  createRepeatedFinder,
  type FindRepeatedDeps,
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
import { type Checked, createEnforcement, type EnforcementDeps, type Refusal } from './enforcement.ts';
import { createMessageTargetFinder } from './find-message-target.ts';
import { readMessage } from './read-message.ts';

export interface PostMessageApiDeps
  extends Omit<AcceptMessageDeps, 'claims'>,
    FindTargetDeps,
    Omit<AuthenticationDeps, 'noteEnforcement'>,
    EnforcementDeps,
    ApiLogs {
  readonly claims: AcceptMessageDeps['claims'] & FindRepeatedDeps['claims'];
}

const contract = postMessageOperations['v1.message.create'];

/** The function that is called most often: it serves one operation and loads only what that needs. */
export function createPostMessageApi(deps: PostMessageApiDeps) {
  const findTarget = createMessageTargetFinder(deps);
  const acceptMessage = createMessageAcceptor(deps);
  const findRepeated = createRepeatedFinder(deps);
  const { findRefusals, noteVersion } = createEnforcement(deps);

  /** A message that was accepted before stays accepted: its schema may have changed since. */
  const acceptedBefore = async (event: ApiEvent, organisationId: string): Promise<ListedMessage | undefined> => {
    if (!event.headers['idempotency-key']) return undefined;
    const idOrUid = requireName(event.pathParameters?.app_id);
    const target = await findTarget({ organisationId, idOrUid, application: undefined }).catch(unlessFound);
    return target && findRepeated(target, identityOf(event, target));
  };

  /** Why a message cannot be accepted: it does not fit, or it could not be checked. */
  const findObjection = async (checked: Checked, payloadLoc: readonly string[]): Promise<unknown> => {
    try {
      const refusals = await findRefusals(checked);
      return refusals.length > 0
        ? new ValidationError(refusals.map((refusal) => toIssue(refusal, payloadLoc)))
        : undefined;
    } catch (error) {
      if (!isPassingError(error)) throw error;
      return error;
    }
  };

  return createApiStack(deps)
    .use(authentication({ ...deps, noteEnforcement: noteVersion }))
    .handler(async (event) => {
      event.operation = contract;
      const caller = callerOf(event);
      requireAccess(caller, contract);
      const { with_content: withContent = true } = readQuery(contract.query, event.rawQueryString);
      const { message, application, hasObject, payloadLoc } = readMessage(event.bodyText, deps.clock());
      const { organisationId } = caller;
      const idOrUid = requireName(event.pathParameters?.app_id);
      const toText = (stored: ListedMessage) =>
        jsonText(202, toMessageText(stored, withContent, hasObject ? message.body : undefined));
      const { eventType, body: payload } = message;
      // Before the application is created: a message that is refused leaves nothing behind.
      const objection = await findObjection({ organisationId, application: idOrUid, eventType, payload }, payloadLoc);
      if (objection !== undefined) {
        const stored = await acceptedBefore(event, organisationId);
        if (stored) return toText(stored);
        throw objection;
      }
      const target = await findTarget({ organisationId, idOrUid, application });
      const accepted = await acceptMessage({ target, message, identity: identityOf(event, target) });
      return toText(accepted.message);
    });
}

function unlessFound(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
}

const toIssue = ({ of, path, message: msg }: Refusal, payloadLoc: readonly string[]) => ({
  loc: of === 'payload' ? [...payloadLoc, ...beginningOf(path)] : ['body', 'eventType'],
  msg,
  type: 'value_error',
});

/** A payload can be nested deep, and its names can be long. */
const [maxPathLength, maxPathCharacters] = [100, 2_000];

function beginningOf(path: readonly string[]): string[] {
  let characters = 0;
  return path.slice(0, maxPathLength).filter((part) => {
    characters += part.length;
    return characters <= maxPathCharacters;
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
