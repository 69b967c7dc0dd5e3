import { ids } from '@posthorn/testing';
import fc from 'fast-check';
import type { DescribedOperation } from './json-schema.ts';
import type { MadeRequest } from './made-request.ts';
import { namesOf, type RequestSources } from './request-sources.ts';
import { fill, validBody, validSearch } from './valid-request.ts';

/** Texts that programs have stumbled over. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    ...['', ' ', '\u0000', '\ud800', '\r\nx: y', '../../etc/passwd', '%00', '%E9', '%', '__proto__', 'constructor'],
    ...[
      "' OR 1=1 --",
      '$'.concat('{7*7}'),
      '<script>',
      '-',
      '~',
      '-app_',
      'app_',
      'msg_',
      'null',
      'NaN',
      '-1',
      '1e999',
    ],
    ...[ids.application, ids.endpoint, ids.message, `-${ids.application}`, `app_${'z'.repeat(27)}`, 'x'.repeat(5_000)],
    ...['https:a.test', ' https://a.test', 'HTTP://a.test', 'ftp://a.test', 'whsec_short', 'x-svix-id', '\u0000 name'],
    ...['9007199254740993', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '🦄'.repeat(100)],
  ),
);

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, 0, -1, 0.5, 1e308, 2 ** 53, [], {}, [[]], [null], Array(300).fill('a')),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Bodies that no client sends on purpose. */
const hostileBody: fc.Arbitrary<string> = fc.oneof(
  hostileText,
  hostileValue.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    ...['{', '{"a":1,}', '{"a":1}{', '\uFEFF{}', '{"a":\u0000}', '"\\ud800"', '{"name":"\\ud800"}', '1e999', '{"":1}'],
    ...['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '['.repeat(5_000), '{"a":'.repeat(5_000)],
    ...[`${'[1,'.repeat(10_000)}1${']'.repeat(10_000)}`, `{"name":"${'x'.repeat(100_000)}"}`],
  ),
);

/** A valid body with one member, at any depth, that has another value or is new. */
const mutatedBody = (operation: DescribedOperation, sources: RequestSources): fc.Arbitrary<string> =>
  fc
    .tuple(validBody(operation, sources), fc.nat(), hostileValue)
    .map(([body, position, value]) => JSON.stringify(withMember(body, position, value)));

function withMember(body: unknown, position: number, value: unknown): unknown {
  if (typeof body !== 'object' || body === null) return value;
  const names = [...Object.keys(body), 'unknown'];
  const name = names[position % names.length] ?? 'unknown';
  const rest = Math.floor(position / names.length);
  // An object has members of any type.
  const inner = (body as Readonly<Record<string, unknown>>)[name];
  const goesDeeper = rest % 2 === 1 && typeof inner === 'object';
  return { ...body, [name]: goesDeeper ? withMember(inner, Math.floor(rest / 2), value) : value };
}

const hostileSearch = ({ parameters }: DescribedOperation): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...parameters.map(({ name }) => name), 'unknown'), hostileText), { maxLength: 4 })
    .map((entries) => new URLSearchParams(entries).toString());

function hostilePath({ path, parameters }: DescribedOperation, sources: RequestSources): fc.Arbitrary<string> {
  // A client would resolve dots before it sends the path.
  const segment = hostileText.filter((text) => !/^\.{0,2}$/.test(text));
  const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const values = inPath.map((name) => {
    const existing = fc.constantFrom(...namesOf(name, sources));
    return [name, fc.oneof({ weight: 3, arbitrary: existing }, segment)] as const;
  });
  return fc.record(Object.fromEntries(values)).map((chosen) => fill(path, chosen));
}

const headerNames = ['idempotency-key', 'svix-req-id', 'content-type', 'accept', 'x-unknown'];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const tokens = ['organisation', 'organisation', 'organisation', 'application', 'none'] as const;

/** Requests for an operation of which any part can be wrong. */
export function hostileRequest(operation: DescribedOperation, sources: RequestSources): fc.Arbitrary<MadeRequest> {
  return fc
    .record({
      method: fc.oneof({ weight: 9, arbitrary: fc.constant(operation.method) }, fc.constantFrom(...methods)),
      path: hostilePath(operation, sources),
      search: fc.oneof(validSearch(operation, sources), hostileSearch(operation), hostileText),
      token: fc.constantFrom(...tokens),
      headers: fc.dictionary(fc.constantFrom(...headerNames), hostileText, { maxKeys: 2, noNullPrototype: true }),
      body: fc.oneof(hostileBody, mutatedBody(operation, sources)),
      hasBody: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    })
    .map(({ body, hasBody, ...request }) => ({
      operationId: operation.operationId,
      ...request,
      ...(hasBody && { body }),
    }));
}
