import * as z from 'zod/mini';
import { eventTypeName, instant } from './fields.ts';
import { listOf, listQuery, truth } from './paging.ts';

const shortName = z.string().check(z.minLength(1), z.maxLength(256), z.regex(/^[a-zA-Z0-9\-_.]+$/));

/** With these a row has room for the rest of an event type: a table's item holds 400 KB. */
const maxDescriptionLength = 16_384;
const maxSchemasBytes = 262_144;

const schemas = z.record(z.string(), z.unknown()).check(
  z.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxSchemasBytes, {
    error: `must be at most ${maxSchemasBytes} bytes as JSON`,
  }),
);

/** A kind of event that the organisation sends. It may stand behind one feature flag. */
export const eventTypeIn = z.object({
  name: eventTypeName,
  description: z.string().check(z.maxLength(maxDescriptionLength)),
  archived: z.nullish(z.boolean()),
  deprecated: z.nullish(z.boolean()),
  schemas: z.nullish(schemas),
  featureFlag: z.nullish(shortName),
  featureFlags: z.nullish(z.array(shortName).check(z.maxLength(1))),
  groupName: z.nullish(shortName),
});
export type EventTypeIn = z.output<typeof eventTypeIn>;

export const eventTypeOut = z.object({
  name: z.string(),
  description: z.string(),
  archived: z.boolean(),
  deprecated: z.boolean(),
  schemas: z.nullable(z.record(z.string(), z.unknown())),
  featureFlag: z.nullable(z.string()),
  featureFlags: z.nullable(z.array(z.string())),
  groupName: z.nullable(z.string()),
  createdAt: instant,
  updatedAt: instant,
});
export type EventTypeOut = z.output<typeof eventTypeOut>;

export const eventTypeListOut = listOf(eventTypeOut);

export const eventTypeListQuery = z.extend(listQuery, {
  include_archived: z.optional(truth),
  with_content: z.optional(truth),
});
