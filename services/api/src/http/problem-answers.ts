import type { MiddlewareObj } from '@middy/core';
import type { ProblemOut } from '@posthorn/contracts/api/problem';
import { sentRequestIdOf } from '@posthorn/contracts/api/request-facts';
import { DomainError, type DomainErrorCode, isOutOfSpace, isPassingError, ValidationError } from '@posthorn/core';
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

/** A token has used up its limit of this second (429). */
export class TooManyRequests extends Error {
  /** @param perSecond - how many requests each token may make in a second */
  constructor(perSecond: number) {
    super(`This token may make ${perSecond} requests a second. Wait a second, then try again.`);
    this.name = 'TooManyRequests';
  }
}

/** The function's time is nearly over, and the request is not done. */
export class OutOfTime extends Error {
  constructor() {
    super('the request was not done in time');
    // The name of time limits, so that the error counts as passing.
    this.name = 'TimeoutError';
  }
}

/** Status and code of the answer for each error. Svix writes some codes with a space. */
const refusals = {
  not_found: { status: 404, code: 'not_found' },
  unknown_path: { status: 404, code: 'unknown_path' },
  conflict: { status: 409, code: 'conflict' },
  event_type_exists: { status: 409, code: 'event_type_exists' },
  payload_too_large: { status: 413, code: 'payload_too_large' },
  missing_payload: { status: 400, code: 'missing_payload' },
  invalid_range: { status: 400, code: 'invalid_range' },
  invalid_spec: { status: 400, code: 'invalid_spec' },
  invalid_scheme: { status: 400, code: 'invalid_scheme' },
  limit_reached: { status: 400, code: 'limit_reached' },
  authentication_failed: { status: 401, code: 'authentication_failed' },
  insufficient_access: { status: 403, code: 'insufficient access' },
} as const satisfies Readonly<Record<DomainErrorCode, { status: number; code: string }>>;

/** The answer for an error of the request; `undefined` for any other. */
function toProblemAnswer(error: unknown): ApiAnswer | undefined {
  if (error instanceof ValidationError) return json(422, { detail: error.issues });
  if (error instanceof UnreadableQuery) return problem(400, 'generic_error', error.message);
  if (error instanceof TooManyRequests) return tooManyRequests(error.message);
  if (error instanceof DomainError) {
    const { status, code } = refusals[error.code];
    return problem(status, code, error.message);
  }
  return undefined;
}

/** Whether an error is a refusal of the request: not an outage, and not a fault of ours. */
export const isRefusal = (error: unknown): boolean => toProblemAnswer(error) !== undefined;

/** The limit begins anew with each second, so a second is always long enough. */
function tooManyRequests(detail: string): ApiAnswer {
  const answer = problem(429, 'rate_limited', detail);
  return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
}

const unavailable = 'The service is temporarily unavailable. Try again.';
const outOfSpace = 'There is too little free space to store new data. Reading still works. Try again later.';

/** The answer for an outage or a fault of ours: it has no details. */
const toFailureAnswer = (error: unknown): ApiAnswer =>
  isPassingError(error)
    ? problem(503, 'unavailable', isOutOfSpace(error) ? outOfSpace : unavailable)
    : problem(500, 'internal_error', 'An internal error has occurred');

/** Turns an error into an answer. Outages and our own faults are logged. */
export const problemAnswers = (log: Log): MiddlewareObj<ApiEvent, ApiAnswer> => ({
  onError: (request) => {
    const answer = toProblemAnswer(request.error);
    if (answer === undefined) {
      const { method, path } = request.event.requestContext.http;
      const fields = {
        method,
        path,
        requestId: request.context?.awsRequestId,
        sentRequestId: sentRequestIdOf(request.event.headers['svix-req-id']),
      };
      // Every post fails then, and the log may be on the same disk: a short line.
      if (isOutOfSpace(request.error)) log.warn('request.refused', { ...fields, reason: 'out_of_space' });
      else log.error('request.failed', { ...fields, error: request.error });
    }
    request.response = answer ?? toFailureAnswer(request.error);
  },
});

/** The answer for an error that is not a validation error. */
export const problem = (status: number, code: string, detail: string): ApiAnswer =>
  json(status, { code, detail } satisfies ProblemOut);
