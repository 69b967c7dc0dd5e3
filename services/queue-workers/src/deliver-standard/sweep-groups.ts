import type { GroupsSweep, ParkedGroupRepository, StoredGroup } from '@posthorn/core';
import type { CommandEntry, CommandsQueue } from '@posthorn/queues';
import type { HasApplication } from '../forget-removed.ts';

export interface SweepGroupsDeps {
  readonly listGroups: ParkedGroupRepository['listOfEndpoint'];
  readonly sendCommands: CommandsQueue['sendCommands'];
  readonly sendSweep: CommandsQueue['sendSweep'];
  readonly hasApplication: HasApplication;
}

/** One job sends so many commands, and then the next job, so that no number of groups is too many for a worker. */
const pageSize = 100;

/**
 * The groups of an endpoint that was deleted, or got another policy, are gone through once more, this long after the first
 * time. A worker that read the endpoint before has ended by then: it has 90 seconds.
 */
const againAfterSeconds = 120;

/**
 * Asks each group of an endpoint for an attempt of its head: the endpoint was enabled, or it was deleted. After a change of
 * its policy, each group that is blocked goes on. A job that comes back sends its commands again, which does
 * nothing in groups that have gone on. After a deletion or such a change all of it happens twice: an attempt that was under
 * way can block its group behind the first sweep, and nothing else would end that.
 *
 * If the whole application was deleted, nothing is asked: a task removes its groups.
 */
export const createSweepGroups =
  ({ listGroups, sendCommands, sendSweep, hasApplication }: SweepGroupsDeps) =>
  async ({ after, ...sweep }: GroupsSweep): Promise<'done'> => {
    if (sweep.looksAgain && !(await hasApplication(sweep))) return 'done';
    const { groups, next } = await listGroups(sweep.endpointId, {
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    const commands = groups.flatMap((group) => commandOf(sweep, group));
    const [unsent] = await sendCommands(commands);
    if (unsent) throw unsent.error;
    if (next !== undefined) await sendSweep({ ...sweep, after: next });
    else if (sweep.looksAgain) await sendSweep(secondOf(sweep), againAfterSeconds);
    return 'done';
  };

/**
 * After a change of the policy only blocked groups are asked: one that waits meets the new policy at its next attempt, and
 * one of a disabled endpoint when that is enabled. A head that blocks for another reason than the policy is attempted.
 */
function commandOf(
  { looksAgain, endsBlocks, ...asked }: Omit<GroupsSweep, 'after'>,
  { group, head, attempt, state, reason }: StoredGroup,
): readonly CommandEntry[] {
  const command = { ...asked, group, head, attempt };
  // Only its own time ends such a wait, or a deletion.
  if (!endsBlocks && !looksAgain && state === 'waiting' && reason === 'scheduled') return [];
  if (!endsBlocks) return [{ command: { ...command, action: 'attempt' } }];
  if (state !== 'blocked' || reason === 'endpoint-disabled') return [];
  const isOver = reason === 'exhausted' || reason === 'message-expired';
  return [{ command: { ...command, action: isOver ? 'give-up' : 'attempt' } }];
}

/** Its commands have their own time, so that the FIFO queue does not take them for copies of the first ones. */
const secondOf = ({ looksAgain: _, requestedAt, ...sweep }: GroupsSweep): GroupsSweep => ({
  ...sweep,
  requestedAt: new Date(requestedAt.getTime() + againAfterSeconds * 1000),
});
