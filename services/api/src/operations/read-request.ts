import type { Operation } from '@posthorn/contracts/api/operation';
import type { ApiEvent } from '../http/api-event.ts';
import { readBody } from '../http/read-body.ts';
import { readQuery } from '../http/read-query.ts';
import { requireName } from '../http/require-name.ts';

/**
 * Path, query and body of a request, checked by the operation's contract.
 *
 * @throws DomainError `not_found` for a path parameter that can name nothing
 * @throws UnreadableQuery naming everything in the query that cannot be read
 * @throws ValidationError naming everything that is wrong with the body
 */
export const readRequest = ({ path, query, body }: Operation, event: ApiEvent) => ({
  path: readPath(path, event.pathParameters),
  query: query && readQuery(query, event.rawQueryString),
  body: body && readBody(body, event.body),
});

const readPath = (path: string, parameters: ApiEvent['pathParameters']): Readonly<Record<string, string>> =>
  Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, requireName(parameters?.[name])]));
