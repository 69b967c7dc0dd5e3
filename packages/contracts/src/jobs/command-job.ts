import { type GroupCommand, groupActions } from '@posthorn/core';
import * as z from 'zod/mini';
import { instant } from './instant.ts';

/** What an entry of the FIFO queue holds that asks something of a group. */
export const commandJob = z.object({
  version: z.literal(1),
  kind: z.literal('command'),
  organisationId: z.string(),
  applicationId: z.string(),
  endpointId: z.string(),
  group: z.string(),
  action: z.enum(groupActions),
  head: z.string(),
  attempt: z.int(),
  requestedAt: instant,
});

/** The text of a queue entry for a command. */
export const toCommandJob = ({ requestedAt, ...command }: GroupCommand): string =>
  JSON.stringify({ version: 1, kind: 'command', ...command, requestedAt: requestedAt.toISOString() });

export const readCommandJob = ({
  version: _,
  kind: __,
  requestedAt,
  ...command
}: z.infer<typeof commandJob>): GroupCommand => ({ ...command, requestedAt: new Date(requestedAt) });
