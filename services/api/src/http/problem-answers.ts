import type { MiddlewareObj } from '@middy/core';
import type { ProblemOut } from '@posthorn/contracts/api/problem';
import { DomainError, type DomainErrorCode, ValidationError } from '@posthorn/core';
import type { Log } from '@posthorn/platform';
import { json } from './answer.ts';
import type { ApiAnswer, ApiEvent } from './api-event.ts';

/** A query string that cannot be read (400). A value out of range is a `ValidationError` (422). */
export class UnreadableQuery extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'UnreadableQuery';
  }
}

/** Status and code of the answer for each error. Svix writes some codes with a space. */
const refusals = {
  not_found: { status: 404, code: 'not_found' },
  conflict: { status: 409, code: 'conflict' },
  event_type_exists: { status: 409, code: 'event_type_exists' },
  payload_too_large: { status: 413, code: 'payload_too_large' },
  missing_payload: { status: 400, code: 'missing_payload' },
  invalid_range: { status: 400, code: 'invalid_range' },
  authentication_failed: { status: 401, code: 'authentication_failed' },
  insufficient_access: { status: 403, code: 'insufficient access' },
} as const satisfies Readonly<Record<DomainErrorCode, { status: number; code: string }>>;

/** The answer for an error; `undefined` if it is our fault. */
function toProblemAnswer(error: unknown): ApiAnswer | undefined {
  if (error instanceof ValidationError) return json(422, { detail: error.issues });
  if (error instanceof UnreadableQuery) return problem(400, 'generic_error', error.message);
  if (error instanceof DomainError) {
    const { status, code } = refusals[error.code];
    return problem(status, code, error.message);
  }
  return undefined;
}

/** Turns an error into an answer. Our own faults are logged, and their answer has no details. */
export const problemAnswers = (log: Log): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  onError: (request) => {
    const answer = toProblemAnswer(request.error);
    if (answer === undefined) {
      const { method, path } = request.event.requestContext.http;
      log.error('request.failed', { method, path, requestId: request.context?.awsRequestId, error: request.error });
    }
    request.response = answer ?? problem(500, 'internal_error', 'An internal error has occurred');
  },
});

/** The answer for an error that is not a validation error. */
export const problem = (status: number, code: string, detail: string): ApiAnswer =>
  json(status, { code, detail } satisfies ProblemOut);
