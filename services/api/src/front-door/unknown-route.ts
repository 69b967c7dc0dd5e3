import { type Route, routes } from '@posthorn/contracts/api/routes';
import type { ApiAnswer } from '../http/api-event.ts';
import { problem } from '../http/problem-answers.ts';

const known: readonly { readonly method: Route['method']; readonly pattern: RegExp }[] = Object.values(routes).map(
  ({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
  }),
);

interface UnknownRoute {
  readonly method: string;
  readonly path: string;
  readonly search: string;
}

/**
 * The answer to a request that no other function has: its path is not known, or not with this method, or it has a
 * slash too many, in which case the same request is sent to where it belongs.
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
