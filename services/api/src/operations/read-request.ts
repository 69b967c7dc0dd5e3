import type { Operation } from '@posthorn/contracts/api/operation';
import type { ApiEvent } from '../http/api-event.ts';
import { readBody, readPathName } from '../http/read-body.ts';
import { readQuery } from '../http/read-query.ts';
import { requireName } from '../http/require-name.ts';

/**
 * Query and body of a request, checked by the operation's contract.
 *
 * @throws UnreadableQuery with every parameter that cannot be read
 * @throws ValidationError with the first hundred errors in the body
 */
export const readContent = ({ query, body }: Operation, event: ApiEvent) => ({
  query: query && readQuery(query, event.rawQueryString),
  body: body && readBody(body, event.body),
});

/**
 * The parameters in the path of a request.
 *
 * @throws DomainError `not_found` for one that can name nothing
 * @throws ValidationError for one that must not be the name of a new thing
 */
export const readPath = (
  { path, newNames = {} }: Operation,
  { pathParameters }: ApiEvent,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
      const value = requireName(pathParameters?.[name]);
      const schema = newNames[name];
      return [name, schema === undefined ? value : readPathName(schema, name, value)];
    }),
  );
