import * as z from 'zod/mini';
import { channels, endpointUid, eventTypes, headers, instant, metadata, throttleRate } from './fields.ts';
import { listOf, queryInstant } from './paging.ts';

const filterTypes = eventTypes.check(z.minLength(1));

/** The longest address that is taken: with its endpoint it must fit a row and an attempt's record. */
export const endpointUrl = z.string().check(z.minLength(1), z.maxLength(2048));

const changeable = {
  description: z.nullish(z.string().check(z.maxLength(4096))),
  uid: z.nullish(endpointUid),
  throttleRate: z.nullish(throttleRate),
  rateLimit: z.nullish(throttleRate),
  disabled: z.nullish(z.boolean()),
  eventTypes: z.nullish(filterTypes),
  filterTypes: z.nullish(filterTypes),
  channels: z.nullish(channels),
  metadata: z.nullish(metadata),
  version: z.nullish(z.int().check(z.minimum(1), z.maximum(65_535))),
};

/** The whole of an endpoint that is replaced; its secret and headers have operations of their own. */
export const endpointUpsert = z.object({ url: endpointUrl, ...changeable });
export type EndpointUpsert = z.output<typeof endpointUpsert>;

/** A new endpoint. */
export const endpointIn = z.object({
  url: endpointUrl,
  ...changeable,
  secret: z.nullish(z.string()),
  headers: z.nullish(headers),
});
export type EndpointIn = z.output<typeof endpointIn>;

/** What to change: absent keeps, null clears what can be absent. */
export const endpointPatch = z.object({
  ...changeable,
  url: z.optional(endpointUrl),
  description: z.optional(z.string().check(z.maxLength(4096))),
  disabled: z.optional(z.boolean()),
  metadata: z.optional(metadata),
  version: z.optional(z.int().check(z.minimum(1), z.maximum(65_535))),
});
export type EndpointPatch = z.output<typeof endpointPatch>;

export const endpointOut = z.object({
  id: z.string(),
  uid: z.nullable(z.string()),
  url: z.string(),
  description: z.string(),
  disabled: z.boolean(),
  version: z.int(),
  eventTypes: z.nullable(z.array(z.string())),
  filterTypes: z.nullable(z.array(z.string())),
  channels: z.nullable(z.array(z.string())),
  throttleRate: z.nullable(z.int()),
  rateLimit: z.nullable(z.int()),
  metadata: z.record(z.string(), z.string()),
  createdAt: instant,
  updatedAt: instant,
});
export type EndpointOut = z.output<typeof endpointOut>;

export const endpointListOut = listOf(endpointOut);

export const endpointSecretOut = z.object({ key: z.string() });

export const endpointHeadersIn = z.object({ headers });

/** What to change of the headers: null removes one. */
export const endpointHeadersPatch = z.object({
  headers: z.record(z.string(), z.nullable(z.string())),
  deleteHeaders: z.nullish(z.array(z.string())),
});
export type EndpointHeadersPatch = z.output<typeof endpointHeadersPatch>;

/** `sensitive` names the headers whose values are withheld. */
export const endpointHeadersOut = z.object({ headers, sensitive: z.array(z.string()) });
export type EndpointHeadersOut = z.output<typeof endpointHeadersOut>;

export const endpointStatsQuery = z.object({ since: z.optional(queryInstant), until: z.optional(queryInstant) });
export type EndpointStatsQuery = z.output<typeof endpointStatsQuery>;

/** How many attempts ended how. An attempt is recorded when it has ended, so none is ever pending, sending or canceled. */
export const endpointStats = z.object({
  success: z.int(),
  pending: z.int(),
  sending: z.int(),
  fail: z.int(),
  canceled: z.int(),
});
export type EndpointStats = z.output<typeof endpointStats>;
