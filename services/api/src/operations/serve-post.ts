import type { AnswerNames, Operation, PostContract } from '@posthorn/contracts/api/operation';
import type { SecretBox } from '@posthorn/secrets/secret-box';
import { callerOf } from '../authentication/authentication.ts';
import { requireAccess } from '../authentication/require-access.ts';
import { jsonText } from '../http/answer.ts';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';
import { baseUrlOf } from '../http/base-url.ts';
import { type AnswerSeal, onlyName, sealedFor, unsealed } from '../idempotency/answer-seal.ts';
import { createIdempotentRunner, type IdempotencyDeps } from '../idempotency/idempotently.ts';
import { requestKeyOf } from '../idempotency/request-identity.ts';
import { claimedOrigin, freshOrigin, type RequestOrigin } from '../idempotency/request-origin.ts';
import type { FoundPost, PathRequest, PostRequest, RepeatsAnswer } from './operate.ts';
import { readContent, readPath } from './read-request.ts';

type PostOperation = Operation<string, string, PostContract>;

/** The code of any POST, for the parts that treat all of them alike. */
export type AnyFindPost = (request: PathRequest<Operation>) => Promise<FoundPost & Partial<RepeatsAnswer>>;

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
    const { ids, operate, exists, show } = await find({
      caller,
      path,
      now: deps.clock(),
      readBody: () => readContent(operation, event).body,
      // The code's own types say what the body is.
    } as PathRequest<Operation>);
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
    const { answerNames } = operation;
    return runIdempotently({
      key: requestKey,
      answers: answersOf({ seal: seal && sealedFor(seal, { organisationId, requestKey }), answerNames, show }),
      repeat: async ({ status, body }) => {
        if (show) return show(nameIn(body, answerNames));
        const isThere = exists === undefined || (await exists(nameIn(body, answerNames)));
        return isThere ? toAnswer(status, body) : undefined;
      },
      run: (begun) => run(claimedOrigin(begun)),
    });
  };
}

/** What is stored of an answer. */
function answersOf({ seal, answerNames, show }: StoredParts): AnswerSeal {
  if (show && answerNames !== 'nothing') return onlyName(answerNames.field);
  return seal ?? unsealed;
}

interface StoredParts extends Pick<PostContract, 'answerNames'>, Pick<RepeatsAnswer, 'show'> {
  readonly seal: AnswerSeal | undefined;
}

const toAnswer = (status: number, body: string): ApiAnswer =>
  body === '' ? { statusCode: status } : jsonText(status, body);

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
