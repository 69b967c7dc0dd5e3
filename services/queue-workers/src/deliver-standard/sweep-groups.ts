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
 * The groups of a deleted endpoint are gone through once more, this long after the first time. A worker that read the
 * endpoint before it was deleted has ended by then: it has 90 seconds.
 */
const againAfterSeconds = 120;

/**
 * Asks each group of an endpoint for an attempt of its head: the endpoint was enabled, or it was deleted. A job that comes
 * back sends its commands again, which does nothing in groups that have gone on. After a deletion all of it happens
 * twice: an attempt that was under way can block its group behind the first sweep, and nothing else would end that.
 */
export const createSweepGroups =
  ({ listGroups, sendCommands, sendSweep }: SweepGroupsDeps) =>
  async ({ after, ...sweep }: GroupsSweep): Promise<'done'> => {
    const { groups, next } = await listGroups(sweep.endpointId, {
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    const { looksAgain: _, ...asked } = sweep;
    const commands = groups.map(({ group, head, attempt }) => ({
      command: { ...asked, group, action: 'attempt' as const, head, attempt },
    }));
    const [unsent] = await sendCommands(commands);
    if (unsent) throw unsent.error;
    if (next !== undefined) await sendSweep({ ...sweep, after: next });
    else if (sweep.looksAgain) await sendSweep(secondOf(sweep), againAfterSeconds);
    return 'done';
  };

/** Its commands have their own time, so that the FIFO queue does not take them for copies of the first ones. */
const secondOf = ({ looksAgain: _, requestedAt, ...sweep }: GroupsSweep): GroupsSweep => ({
  ...sweep,
  requestedAt: new Date(requestedAt.getTime() + againAfterSeconds * 1000),
});
