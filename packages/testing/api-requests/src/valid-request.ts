import fc from 'fast-check';
import { arbitraryValue } from './arbitrary-value.ts';
import type { DescribedOperation } from './json-schema.ts';
import { knownValuesOf, onlyForApplications } from './known-values.ts';
import type { MadeRequest } from './made-request.ts';
import type { RequestSources } from './request-sources.ts';

/** Requests for an operation that the document allows, for things that exist. */
export function validRequest(operation: DescribedOperation, sources: RequestSources): fc.Arbitrary<MadeRequest> {
  return fc
    .record({
      path: existingPath(operation, sources),
      search: validSearch(operation, sources),
      body: validBody(operation, sources),
      idempotencyKey: fc.constantFrom('', 'a', 'b'),
    })
    .map(({ idempotencyKey, body, ...request }) => ({
      operationId: operation.operationId,
      method: operation.method,
      ...request,
      token: onlyForApplications.has(operation.operationId) ? 'application' : 'organisation',
      headers: idempotencyKey === '' ? {} : { 'idempotency-key': idempotencyKey },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }));
}

function existingPath({ path, parameters }: DescribedOperation, { names }: RequestSources): fc.Arbitrary<string> {
  const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const values = inPath.map((name) => [name, fc.constantFrom(...(names[name] ?? ['unknown']))] as const);
  return fc.record(Object.fromEntries(values)).map((chosen) => fill(path, chosen));
}

/** A path with its parameters, percent-encoded. */
export const fill = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent((values[name] ?? 'unknown').toWellFormed()));

/** A query string that the document allows. */
export function validSearch({ parameters }: DescribedOperation, sources: RequestSources): fc.Arbitrary<string> {
  const inQuery = parameters.filter(({ in: place, name }) => place === 'query' && isIncluded(name, sources));
  const members = inQuery.map(
    ({ name, schema }) =>
      [name, sources.known[name] ?? existing(name, sources) ?? arbitraryValue(schema, sources)] as const,
  );
  const requiredKeys = inQuery.filter(({ required }) => required).map(({ name }) => name);
  return fc.record(Object.fromEntries(members), { requiredKeys }).map((values) =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`)
      .join('&'),
  );
}

/** Things that a parameter of a path can name can be named in a query too. */
const existing = (name: string, { names }: RequestSources): fc.Arbitrary<string> | undefined =>
  Object.hasOwn(names, name) ? fc.constantFrom(...(names[name] ?? [])) : undefined;

const isIncluded = (name: string, { known }: RequestSources): boolean =>
  !Object.hasOwn(known, name) || known[name] !== undefined;

/** A body that the document allows; `undefined` if the operation has none. */
export function validBody({ operationId, body }: DescribedOperation, sources: RequestSources): fc.Arbitrary<unknown> {
  if (body === undefined) return fc.constant(undefined);
  const known = { ...sources.known, ...knownValuesOf[operationId] };
  return arbitraryValue(body, { ...sources, known }).filter((value) => sources.matches(body, value));
}
