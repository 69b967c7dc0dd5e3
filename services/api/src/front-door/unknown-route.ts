import { allOperations } from '@posthorn/contracts/api/all-operations';
import type { ApiAnswer } from '../http/api-event.ts';
import { problem } from '../http/problem-answers.ts';

const known = Object.values(allOperations).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
}));

interface UnknownRoute {
  readonly method: string;
  readonly path: string;
  readonly search: string;
}

/**
 * The answer to a request that no operation matches. The path is unknown (404), or the method is not allowed there (405),
 * or the path ends with a slash: then the client is redirected to the path without it (308).
 */
export function answerUnknownRoute({ method, path, search }: UnknownRoute): ApiAnswer {
  const bare = path.replace(/\/+$/, '');
  const methods = known.filter(({ pattern }) => pattern.test(bare)).map((route) => route.method);
  if (methods.length === 0) return problem(404, 'not_found', 'There is nothing at this path');
  if (methods.some((one) => one === method) && bare !== path) {
    return { statusCode: 308, headers: { location: search === '' ? bare : `${bare}?${search}` } };
  }
  const refusal = problem(405, 'method_not_allowed', `Allowed here: ${methods.join(', ')}`);
  return { ...refusal, headers: { ...refusal.headers, allow: methods.join(', ') } };
}
