import fc from 'fast-check';
import type { ValueSources } from './arbitrary-value.ts';

const whsec = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const maybe = (value: unknown) => fc.constantFrom(null, value);

/**
 * Values of members whose rules no schema can say, by their names: the value must exist, must fit another one, or is
 * checked by more than a pattern. `undefined`: the member is left out.
 *
 * @param now - the time of the system that gets the requests
 */
export const knownValuesAt = (now: Date): ValueSources['known'] => ({
  // They must exist.
  eventTypes: fc.constantFrom(null, ['invoice.paid']),
  appIds: fc.constantFrom(null, ['toys'], ['toys', 'nobody']),
  // Two names of one field may not have two values.
  filterTypes: undefined,
  rateLimit: undefined,
  featureFlag: undefined,
  data: undefined,
  // They have a form of their own.
  secret: maybe(whsec),
  key: maybe(whsec),
  iterator: undefined,
  headers: fc.constantFrom({}, { 'X-Team': 'a' }),
  deleteHeaders: maybe(['X-Old']),
  // Two members of the metadata of destinations are options.
  metadata: fc.constantFrom({}, { colour: 'red', size: '7' }),
  // It must be an OpenAPI document.
  spec: fc.constant({ openapi: '3.1.0', info: { title: 'a', version: '1' }, webhooks: {} }),
  specRaw: undefined,
  // They must be in order, and near the present.
  since: fc.constant(secondsBefore(now, 60)),
  until: fc.constant(secondsBefore(now, 30)),
  deliverAt: maybe(secondsBefore(now, 0)),
  // One of them must be in the list.
  capabilities: fc.constantFrom(null, ['ViewBase'], ['ViewBase', 'CreateAttempts']),
  // It must be the application in the path.
  application: undefined,
});

/** The same, for members that have such a rule in one operation only, by the id of the operation. */
export const knownValuesOf: Readonly<Record<string, ValueSources['known']>> = {
  // There must be code to enable.
  'v1.endpoint.patch-transformation': { enabled: undefined },
  'v1.destination.transformation-patch': { enabled: undefined },
  // An event type with an example, at that index.
  'v1.endpoint.send-example': { eventType: fc.constant('svix.ping'), exampleIndex: maybe(0) },
};

/** The operations that the organisation's token may not do. */
export const onlyForApplications: ReadonlySet<string> = new Set(['v1.authentication.logout']);

const secondsBefore = (now: Date, seconds: number): string => new Date(now.getTime() - seconds * 1_000).toISOString();
