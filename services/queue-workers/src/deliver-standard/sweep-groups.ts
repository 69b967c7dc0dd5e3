import type { GroupsSweep, ParkedGroupRepository } from '@posthorn/core';
import type { CommandsQueue } from '@posthorn/queues';

export interface SweepGroupsDeps {
  readonly listGroups: ParkedGroupRepository['listOfEndpoint'];
  readonly sendCommands: CommandsQueue['sendCommands'];
  readonly sendSweep: CommandsQueue['sendSweep'];
}

/** One job sends so many commands, and then the next job, so that no number of groups is too many for a worker. */
const pageSize = 100;

/**
 * Asks each group of an endpoint for an attempt of its head: the endpoint was enabled, or it was deleted. A job that comes
 * back sends its commands again, which does nothing in groups that have gone on.
 */
export const createSweepGroups =
  ({ listGroups, sendCommands, sendSweep }: SweepGroupsDeps) =>
  async ({ after, ...sweep }: GroupsSweep): Promise<'done'> => {
    const { groups, next } = await listGroups(sweep.endpointId, {
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    const commands = groups.map(({ group, head, attempt }) => ({
      command: { ...sweep, group, action: 'attempt' as const, head, attempt },
    }));
    const [unsent] = await sendCommands(commands);
    if (unsent) throw unsent.error;
    if (next !== undefined) await sendSweep({ ...sweep, after: next });
    return 'done';
  };
