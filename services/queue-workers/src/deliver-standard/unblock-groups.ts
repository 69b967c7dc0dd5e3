import type { Attempt, Delivery, ParkedGroupRepository } from '@posthorn/core';
import type { CommandsQueue } from '@posthorn/queues';

export interface UnblockGroupsDeps {
  readonly listGroupsOf: ParkedGroupRepository['listGroupsOf'];
  readonly sendCommands: CommandsQueue['sendCommands'];
}

/** After an attempt that someone asked for was accepted: a group that its message blocks goes on. */
export type UnblockGroups = (delivery: Delivery, attempt: Attempt) => Promise<void>;

/**
 * Tells the groups in which the message is parked that it was accepted beside them. A group that it does not block ignores
 * that. It is told all the same, because its worker may be making the message's last attempt at this moment: the command
 * comes after that. Nothing is planned before the attempt: the job is done only when the command is on the queue. A job that
 * comes back after a crash finds the record of its attempt, and sends the same command again.
 */
export const createUnblockGroups =
  ({ listGroupsOf, sendCommands }: UnblockGroupsDeps): UnblockGroups =>
  async ({ organisationId, applicationId, endpointId, messageId, attemptNumber }, { attemptedAt }) => {
    const groups = await listGroupsOf({ endpointId, messageId });
    const [unsent] = await sendCommands(
      groups.map((group) => {
        const asked = { action: 'leave', head: messageId, attempt: attemptNumber, requestedAt: attemptedAt } as const;
        return { command: { organisationId, applicationId, endpointId, group, ...asked } };
      }),
    );
    if (unsent) throw unsent.error;
  };
