import type { ParkedGroupRepository, StoredGroup } from '@posthorn/core';
import {
  createFindOrderGroup,
  type Endpoint,
  type GroupCommand,
  type GroupCommandRepository,
  type MessageRepository,
} from '@posthorn/core';
import { conflict } from '../http/refusals.ts';
import { findByHead, findOldestBlocked, type ReadGroupsDeps } from './read-groups.ts';

export interface CommandHeadDeps {
  readonly groups: ReadGroupsDeps & Pick<ParkedGroupRepository, 'listGroupsOf'>;
  readonly messages: Pick<MessageRepository & GroupCommandRepository, 'find' | 'insertCommand'>;
}

interface CommandRequest {
  readonly endpoint: Endpoint;
  readonly action: GroupCommand['action'];
  /** Without one: the head of the group that has been blocked for the longest time. */
  readonly messageId: string | undefined;
  readonly now: Date;
}

/**
 * Asks a group of a destination to go on without its head, or to attempt it now. It is done within seconds.
 *
 * @throws DomainError `conflict` if there is no such head: the group has gone on, or it flows
 */
export const createHeadCommander =
  (deps: CommandHeadDeps) =>
  async ({ endpoint, action, messageId, now }: CommandRequest): Promise<void> => {
    if (endpoint.disabled) throw conflict('The destination is disabled: enable it, and its groups go on');
    const found = await findGroup(deps, endpoint, { messageId, now });
    if (!found) {
      const what =
        messageId === undefined ? 'No group is blocked' : 'The message is not the first one of a group that waits';
      throw conflict(`${what}: nothing to ${action === 'skip' ? 'skip' : 'retry'}`);
    }
    const { organisationId, applicationId, endpointId, group, head, attempt } = found;
    const owner = { organisationId, applicationId, endpointId, group };
    await deps.messages.insertCommand({ ...owner, action, head, attempt, requestedAt: now });
  };

/**
 * The group of a message is found by its ordering key. A message that is no longer stored, or whose destination took the key
 * from elsewhere then, is found by where it is parked. A row that cannot be read is found by neither, but its group's row
 * names it.
 */
async function findGroup(
  { groups, messages }: CommandHeadDeps,
  { applicationId, endpointId, order }: Endpoint,
  { messageId, now }: Pick<CommandRequest, 'messageId' | 'now'>,
): Promise<StoredGroup | undefined> {
  if (messageId === undefined) return findOldestBlocked(groups, endpointId);
  const findWithHead = async (group: string) => {
    const found = await groups.find({ endpointId, group });
    return found?.head === messageId ? found : undefined;
  };
  const message = await messages.find(applicationId, messageId, now);
  if (message) {
    const findOrderGroup = createFindOrderGroup(message.body, message.orderingKey);
    const found = await findWithHead(findOrderGroup({ endpointId, ...(order?.by !== undefined && { by: order.by }) }));
    if (found) return found;
  }
  const parkedIn = await Promise.all((await groups.listGroupsOf({ endpointId, messageId })).map(findWithHead));
  return parkedIn.find((found) => found !== undefined) ?? findByHead(groups, endpointId, messageId);
}
