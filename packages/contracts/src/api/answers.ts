import type { Operation } from './operation.ts';
import { problemOut, validationProblemOut } from './problem.ts';

/** What an installation decides about its answers. */
export interface AnswerOptions {
  /** Whether it limits the requests of each token. */
  readonly hasRateLimit?: boolean;
}

/**
 * Every answer of an operation by its status: its own ones, and the refusals that it can meet. `null`: the body is not
 * JSON. A status that is not here is never answered by the function that serves the operation.
 */
export function answersOf(operation: Operation, { hasRateLimit = false }: AnswerOptions = {}): Operation['answers'] {
  const { access, method, path, query, answers } = operation;
  if (access === 'anyone') return answers;
  const isChange = method !== 'GET' && method !== 'HEAD';
  const hasBody = isChange && method !== 'DELETE';
  return {
    ...(query && { 400: problemOut }),
    401: problemOut,
    // Another kind of token is needed, or a capability that the token does not have.
    403: problemOut,
    ...(path.includes('{') && { 404: problemOut }),
    // A name is taken, an earlier request with the same idempotency key still runs, or too many changes come at once.
    ...(isChange && { 409: problemOut }),
    ...(hasBody && { 413: problemOut }),
    ...((hasBody || query) && { 422: validationProblemOut }),
    ...(hasRateLimit && { 429: problemOut }),
    500: problemOut,
    503: problemOut,
    ...answers,
  };
}
