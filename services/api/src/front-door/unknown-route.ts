import { allOperations } from '@posthorn/contracts/api/all-operations';
import { absentOperations } from '@posthorn/contracts/svix/absent-operations';
import type { ApiAnswer } from '../http/api-event.ts';
import { problem } from '../http/problem-answers.ts';
import { unknownPath } from '../http/refusals.ts';

const withPattern = <Of extends { readonly path: string }>(route: Of) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
});

const served = Object.values(allOperations).map(({ method, path }) => withPattern({ method, path }));
const absent = absentOperations.map(withPattern);

/** A client that repeats such a request by itself does no harm: no path of a POST ends with the name of a thing. */
const mayRepeat = (method: string): boolean => method === 'GET' || method === 'POST';

interface UnknownRoute {
  readonly method: string;
  readonly path: string;
  readonly search: string;
}

/**
 * The answer to a request that no operation matches. The method is not allowed there (405), or Svix has this operation and
 * Posthorn does not (501), or the path ends with a slash: then a client that reads or posts is redirected to the path without
 * it (308). One that changes or deletes is not: it would repeat the request by itself, and a path such as `/endpoint/..` was
 * shortened by the client, so it may mean another thing.
 *
 * @throws DomainError `unknown_path` if nothing is there (404)
 */
export function answerUnknownRoute({ method, path, search }: UnknownRoute): ApiAnswer {
  const bare = path.replace(/\/+$/, '');
  const methods = served.filter(({ pattern }) => pattern.test(bare)).map((route) => route.method);
  const absentHere = absent.filter(({ pattern }) => pattern.test(bare));
  if (methods.length === 0 && absentHere.length === 0) throw unknownPath();
  if (methods.some((one) => one === method) && bare !== path) {
    if (!mayRepeat(method))
      throw unknownPath(`There is nothing at this path: it ends with a slash. Without it: ${bare}`);
    return { statusCode: 308, headers: { location: search === '' ? bare : `${bare}?${search}` } };
  }
  const same = absentHere.find((one) => one.method === method);
  if (same) return problem(501, 'not_implemented', `Posthorn does not have this operation of Svix (${same.part.name})`);
  const refusal = problem(405, 'method_not_allowed', `Allowed here: ${methods.join(', ') || 'none'}`);
  return { ...refusal, headers: { ...refusal.headers, allow: methods.join(', ') } };
}
