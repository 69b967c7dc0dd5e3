import type { Attempt, Delivery, ParkedGroupRepository } from '@posthorn/core';
import type { CommandsQueue } from '@posthorn/queues';

export interface UnblockGroupsDeps {
  readonly groups: Pick<ParkedGroupRepository, 'find' | 'listGroupsOf'>;
  readonly sendCommands: CommandsQueue['sendCommands'];
}

/** After an attempt that someone asked for was accepted: a group that its message blocks goes on. */
export type UnblockGroups = (delivery: Delivery, attempt: Attempt) => Promise<void>;

/**
 * Tells the groups whose head the message is that it was accepted beside them. Nothing is planned for this before the
 * attempt: the job is done only when the command is on the queue. A job that comes back after a crash finds the record of its
 * attempt, and sends the same command again. A group that is not blocked ignores it. It is sent all the same, because the
 * worker of the group may be blocking it at this moment: the command comes after that.
 */
export const createUnblockGroups =
  ({ groups, sendCommands }: UnblockGroupsDeps): UnblockGroups =>
  async ({ endpointId, messageId }, { attemptedAt }) => {
    const names = await groups.listGroupsOf({ endpointId, messageId });
    const found = await Promise.all(names.map((group) => groups.find({ endpointId, group })));
    const own = found.filter((group) => group !== undefined).filter(({ head }) => head === messageId);
    const [unsent] = await sendCommands(
      own.map(({ organisationId, applicationId, group, head, attempt }) => {
        const owner = { organisationId, applicationId, endpointId, group };
        return { command: { ...owner, action: 'leave', head, attempt, requestedAt: attemptedAt } };
      }),
    );
    if (unsent) throw unsent.error;
  };
