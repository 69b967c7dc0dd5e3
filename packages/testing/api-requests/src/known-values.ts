import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';

/** Makes the values of a member from those that its schema allows. `undefined`: the member is left out. */
export type KnownValue = (fromSchema: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown> | undefined;

/** What no schema can say about values, by the names of the members. */
export type KnownValues = Readonly<Record<string, KnownValue>>;

const maybe =
  (value: unknown): KnownValue =>
  () =>
    fc.constantFrom(null, value);
const leftOut: KnownValue = () => undefined;

/**
 * Values of members whose rules no schema can say, by their names: the value must exist, must fit another one, or has a
 * limit in bytes.
 *
 * @param now - the time of the system that gets the requests
 * @param uid - the uid of the application that paths name
 */
export const knownValuesAt = (now: Date, uid = 'toys'): KnownValues => ({
  // The two halves of a key pair must belong together.
  secret: withKeyPair,
  key: withKeyPair,
  // It must lead to a place in the same schema.
  $ref: () => fc.constant('#'),
  // In bytes.
  metadata: (fromSchema) => fromSchema.filter((value) => Buffer.byteLength(JSON.stringify(value)) <= 4096),
  code: () => fc.constantFrom(null, 'function handler(webhook) { return webhook; }', 'x', 'x'.repeat(51_200)),
  // None of them may be in `headers` too, whatever its case.
  deleteHeaders: (fromSchema) =>
    // The schema is that of a list, or null.
    (fromSchema as fc.Arbitrary<readonly string[] | null>).map(
      (names) => names?.map((name, n) => `${name} ${n}`) ?? null,
    ),
  // One of them must exist.
  appIds: (fromSchema) =>
    // The schema is that of a list, or null.
    (fromSchema as fc.Arbitrary<readonly string[] | null>).map((names) => names && [uid, ...names.slice(1)]),
  // It must be an OpenAPI document.
  spec: maybe(spec),
  specRaw: () => fc.constantFrom(null, JSON.stringify(spec), 'openapi: 3.1.0\nwebhooks: {}\n'),
  // They must be in order, and near the present.
  since: () => fc.constant(secondsBefore(now, 60)),
  until: () => fc.constant(secondsBefore(now, 30)),
  deliverAt: () =>
    fc.constantFrom(null, secondsBefore(now, 0), secondsBefore(now, -86_400), secondsBefore(now, 86_000)),
  // It must be the application in the path.
  application: (fromSchema) => fromSchema.map((value) => (value === null ? null : { ...(value as object), uid })),
});

/** They must exist. */
const existingEventTypes = { eventTypes: maybe(['invoice.paid']), filterTypes: maybe(['invoice.paid']) };
/** A poller's iterator is that of an answer of the same poller. The test must not be held for long. */
const ofPoller = { iterator: leftOut, wait: () => fc.constantFrom(0, 1) };

/** Whether a schema can be enforced, and whether messages fit it, depends on what is stored. */
const notEnforced = { enabled: () => fc.constant(false) };

/** The same, for members that have such a rule in one operation only, by the id of the operation. */
export const knownValuesOf: Readonly<Record<string, KnownValues>> = {
  'v1.endpoint.create': existingEventTypes,
  'v1.endpoint.update': existingEventTypes,
  'v1.endpoint.patch': existingEventTypes,
  'v1.destination.create': existingEventTypes,
  'v1.destination.update': existingEventTypes,
  'v1.destination.patch': existingEventTypes,
  'v1.enforcement.set': notEnforced,
  'v1.enforcement.set-of-event-type': notEnforced,
  'v1.message.poller.poll': ofPoller,
  'v1.message.poller.consumer-poll': ofPoller,
  // An event type with an example, at that index.
  'v1.endpoint.send-example': { eventType: () => fc.constant('svix.ping'), exampleIndex: maybe(0) },
};

/** Two names of one field, and how to write a value of the first one under the second one. */
const aliases: readonly (readonly [string, string, (value: unknown) => unknown])[] = [
  ['throttleRate', 'rateLimit', (rate) => rate],
  ['eventTypes', 'filterTypes', (names) => names],
  ['payload', 'data', (payload) => payload],
  ['featureFlag', 'featureFlags', (flag) => (flag === null ? null : [flag])],
];

/**
 * The same object without two values of one field: under its first name, under its second one, or under both.
 *
 * @param choice - any number
 */
export function withoutContradiction(value: Readonly<Record<string, unknown>>, choice: number): object {
  const settled = { ...value };
  for (const [first, second, toSecond] of aliases) {
    if (settled[first] === undefined || settled[second] === undefined) continue;
    if (choice % 3 === 0) delete settled[first];
    else if (choice % 3 === 1) delete settled[second];
    else settled[second] = toSecond(settled[first]);
  }
  return settled;
}

/** The operations that the organisation's token may not do. */
export const onlyForApplications: ReadonlySet<string> = new Set(['v1.authentication.logout']);

const spec = { openapi: '3.1.0', info: { title: 'a', version: '1' }, webhooks: {} };

function withKeyPair(fromSchema: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    fromSchema.filter((text) => !String(text).startsWith('whsk_')),
    fc.constant(keyPair),
  );
}

const keyPair = ((): string => {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return `whsk_${Buffer.concat([d, x].map((half) => Buffer.from(half, 'base64url'))).toString('base64')}`;
})();

const secondsBefore = (now: Date, seconds: number): string => new Date(now.getTime() - seconds * 1_000).toISOString();
