import type { GroupsSweep } from '@posthorn/core';
import * as z from 'zod/mini';
import { instant } from './instant.ts';

/** What an entry of the standard queue holds that asks something of all groups of an endpoint. */
export const sweepJob = z.object({
  version: z.literal(1),
  kind: z.literal('sweep'),
  organisationId: z.string(),
  applicationId: z.string(),
  endpointId: z.string(),
  requestedAt: instant,
  endsBlocks: z.optional(z.literal(true)),
  looksAgain: z.optional(z.literal(true)),
  after: z.optional(z.string()),
});

/** The text of a queue entry for a sweep. */
export const toSweepJob = ({ requestedAt, ...sweep }: GroupsSweep): string =>
  JSON.stringify({ version: 1, kind: 'sweep', ...sweep, requestedAt: requestedAt.toISOString() });

export const readSweepJob = ({
  version: _,
  kind: __,
  requestedAt,
  endsBlocks,
  looksAgain,
  after,
  ...sweep
}: z.infer<typeof sweepJob>): GroupsSweep => ({
  ...sweep,
  requestedAt: new Date(requestedAt),
  ...(endsBlocks && { endsBlocks }),
  ...(looksAgain && { looksAgain }),
  ...(after !== undefined && { after }),
});
