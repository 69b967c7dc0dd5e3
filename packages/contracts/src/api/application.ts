import * as z from 'zod/mini';
import { applicationUid, instant, metadata, throttleRate } from './fields.ts';
import { listOf, truth } from './paging.ts';

const applicationName = z.string().check(
  z.minLength(1),
  z.maxLength(1024),
  z.refine((name) => !hasControlCharacter(name), { error: 'must have no control characters' }),
);

/** A new application, or the whole of one that is replaced. */
export const applicationIn = z.object({
  name: applicationName,
  uid: z.nullish(applicationUid),
  throttleRate: z.nullish(throttleRate),
  rateLimit: z.nullish(throttleRate),
  metadata: z.nullish(metadata),
});
export type ApplicationIn = z.output<typeof applicationIn>;

/** What to change: absent keeps, null clears. */
export const applicationPatch = z.object({
  name: z.optional(applicationName),
  uid: z.nullish(applicationUid),
  throttleRate: z.nullish(throttleRate),
  rateLimit: z.nullish(throttleRate),
  metadata: z.optional(metadata),
});
export type ApplicationPatch = z.output<typeof applicationPatch>;

export const applicationOut = z.object({
  id: z.string(),
  uid: z.optional(z.string()),
  name: z.string(),
  throttleRate: z.nullable(z.int()),
  rateLimit: z.optional(z.int()),
  metadata: z.record(z.string(), z.string()),
  createdAt: instant,
  updatedAt: instant,
});
export type ApplicationOut = z.output<typeof applicationOut>;

export const applicationListOut = listOf(applicationOut);

export const applicationCreateQuery = z.object({ get_if_exists: z.optional(truth) });

const hasControlCharacter = (text: string): boolean => [...text].some((character) => character <= '\u0008');
