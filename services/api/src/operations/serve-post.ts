import type { AnswerNames, Operation, PostContract } from '@posthorn/contracts/api/operation';
import type { SecretBox } from '@posthorn/secrets/secret-box';
import { callerOf } from '../authentication/authentication.ts';
import { requireAccess } from '../authentication/require-access.ts';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';
import { baseUrlOf } from '../http/base-url.ts';
import { type AnswerSeal, sealedFor, unsealed } from '../idempotency/answer-seal.ts';
import { createIdempotentRunner, type IdempotencyDeps } from '../idempotency/idempotently.ts';
import { requestKeyOf } from '../idempotency/request-identity.ts';
import { claimedOrigin, freshOrigin, type RequestOrigin } from '../idempotency/request-origin.ts';
import type { FoundPost, PathRequest, PostRequest } from './operate.ts';
import { readContent, readPath } from './read-request.ts';

type PostOperation = Operation<string, string, PostContract>;

/** The code of any POST, for the parts that treat all of them alike. */
export type AnyFindPost = (
  request: PathRequest<Operation>,
) => Promise<FoundPost & { readonly exists?: (name: string) => Promise<boolean> }>;

export interface ServePostDeps extends IdempotencyDeps {
  /** Seals the answers that show something secret; for functions that have such operations. */
  readonly seal?: SecretBox;
}

/**
 * Serves a POST, once for each idempotency key. Who may call is checked, and what the path names is found, before a
 * stored answer is read: no caller gets the answer of an operation that it may not do on this thing.
 */
export function createPostHandler(deps: ServePostDeps, operation: PostOperation, find: AnyFindPost) {
  const runIdempotently = createIdempotentRunner(deps);
  const seal = operation.sealAnswer ? requireSeal(deps, operation) : undefined;
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = callerOf(event);
    requireAccess(caller, operation);
    const path = readPath(operation, event);
    const { ids, operate, exists } = await find({ caller, path, now: deps.clock() });
    const run = (origin: RequestOrigin) =>
      operate({
        caller,
        path,
        ...readContent(operation, event),
        now: deps.clock(),
        baseUrl: baseUrlOf(event),
        origin,
        // The code's own types say which parts of the request it may read.
      } as PostRequest);

    const idempotencyKey = event.headers['idempotency-key'];
    if (!idempotencyKey) return run(freshOrigin(deps.clock(), deps.randomBytes));
    const { organisationId } = caller;
    const query = event.rawQueryString;
    const requestKey = requestKeyOf({ operation: operation.id, organisationId, ids, query, idempotencyKey });
    const answers: AnswerSeal = seal ? sealedFor(seal, { organisationId, requestKey }) : unsealed;
    const holds = async (body: string) => exists === undefined || exists(nameIn(body, operation.answerNames));
    return runIdempotently({
      key: requestKey,
      answers,
      holds,
      run: (begun) => run(claimedOrigin(begun)),
    });
  };
}

function requireSeal({ seal }: ServePostDeps, { id }: PostOperation): SecretBox {
  if (seal === undefined) throw new Error(`${id} has answers to seal, but its function has no \`seal\` in its deps`);
  return seal;
}

/** The id or name in an answer, from the field that the contract names. */
function nameIn(body: string, names: AnswerNames): string {
  const field = names === 'nothing' ? undefined : (JSON.parse(body) as Readonly<Record<string, unknown>>)[names.field];
  if (typeof field !== 'string') throw new Error('the stored answer does not have the field that its contract names');
  return field;
}
