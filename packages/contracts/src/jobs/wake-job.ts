import type { Wake } from '@posthorn/core';
import * as z from 'zod/mini';
import { instant } from './instant.ts';

/** What an entry of a delivery queue holds that wakes what waits. */
export const wakeJob = z.object({
  version: z.literal(1),
  kind: z.literal('wake'),
  organisationId: z.string(),
  applicationId: z.string(),
  endpointId: z.string(),
  /** Absent if the wake is for the endpoint's held deliveries. */
  group: z.optional(z.string()),
  epoch: z.int(),
  at: instant,
  slice: z.int(),
});

/** The text of a queue entry for a wake. */
export const toWakeJob = ({ at, ...wake }: Wake): string =>
  JSON.stringify({ version: 1, kind: 'wake', ...wake, at: at.toISOString() });

export const readWakeJob = ({ version: _, kind: __, group, at, ...wake }: z.infer<typeof wakeJob>): Wake => ({
  ...wake,
  ...(group !== undefined && { group }),
  at: new Date(at),
});
