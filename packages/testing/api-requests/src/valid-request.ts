import fc from 'fast-check';
import { arbitraryMember, arbitraryValue } from './arbitrary-value.ts';
import type { DescribedOperation, JsonSchema } from './json-schema.ts';
import { knownValuesOf, onlyForApplications } from './known-values.ts';
import type { MadeRequest } from './made-request.ts';
import { namesOf, type RequestSources } from './request-sources.ts';

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

function existingPath({ path, parameters }: DescribedOperation, sources: RequestSources): fc.Arbitrary<string> {
  const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const values = inPath.map((name) => [name, fc.constantFrom(...namesOf(name, sources))] as const);
  return fc.record(Object.fromEntries(values)).map((chosen) => fill(path, chosen));
}

/** A path with its parameters, percent-encoded. */
export const fill = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent((values[name] ?? '').toWellFormed()));

/** A query string that the document allows. */
export function validSearch(
  { operationId, parameters }: DescribedOperation,
  sources: RequestSources,
): fc.Arbitrary<string> {
  const inQuery = parameters.filter(({ in: place }) => place === 'query');
  const withKnown = knownOf(operationId, sources);
  const members = inQuery.flatMap(({ name, schema }) => {
    const value = existing(name, sources) ?? arbitraryMember(name, schema, withKnown);
    return value === undefined
      ? []
      : [[name, name === 'iterator' ? orExistingRow(value, schema, sources) : value] as const];
  });
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

/** The ids of rows that exist are iterators, with and without `-`. So are the ids of rows that do not exist. */
function orExistingRow(
  iterator: fc.Arbitrary<unknown>,
  { pattern = '' }: JsonSchema,
  { names }: RequestSources,
): fc.Arbitrary<unknown> {
  const form = new RegExp(pattern, 'u');
  const rows = Object.values(names).flatMap((some) => some.flatMap((name) => [name, `-${name}`]));
  const ofList = rows.filter((row) => form.test(row));
  return ofList.length === 0 ? iterator : fc.oneof(fc.constantFrom(...ofList), iterator);
}

const knownOf = (operationId: string, sources: RequestSources): RequestSources => ({
  ...sources,
  known: { ...sources.known, ...knownValuesOf[operationId] },
});

/** A body that the document allows; `undefined` if the operation has none. */
export function validBody({ operationId, body }: DescribedOperation, sources: RequestSources): fc.Arbitrary<unknown> {
  if (body === undefined) return fc.constant(undefined);
  return arbitraryValue(body, knownOf(operationId, sources)).filter((value) => sources.matches(body, value));
}
