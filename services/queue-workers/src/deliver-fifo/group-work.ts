import type { GroupJob, GroupOwner } from '@posthorn/core';
import { UnusableData } from '@posthorn/core';
import type { ReceivedJob } from '@posthorn/queues';

/** A job of the FIFO queue, and whose group it belongs to. */
export interface GroupWork {
  readonly received: ReceivedJob;
  readonly owner: GroupOwner;
  readonly job: GroupJob;
}

/**
 * What a job of the FIFO queue asks for.
 *
 * @throws UnusableData if the queue did not say which group it belongs to, or it is for another group
 */
export function toGroupWork(received: ReceivedJob): GroupWork {
  const { content, group, sequence } = received;
  if (group === undefined || sequence === undefined) throw new UnusableData('the job does not belong to a group');
  switch (content.kind) {
    case 'refused':
      throw new UnusableData(content.reason);
    case 'sweep':
      throw new UnusableData('no sweep is expected on this queue');
    case 'delivery': {
      const item = content.delivery;
      return { received, owner: ownerOf(item, group), job: { kind: 'delivery', item, place: sequence } };
    }
    case 'wake': {
      const { epoch, slice } = content.wake;
      return { received, owner: ownerOf(content.wake, group), job: { kind: 'wake', epoch, slice } };
    }
    case 'command': {
      const { action, head, attempt } = content.command;
      return { received, owner: ownerOf(content.command, group), job: { kind: 'command', action, head, attempt } };
    }
  }
}

const ownerOf = (
  { organisationId, applicationId, endpointId }: Omit<GroupOwner, 'group'>,
  group: string,
): GroupOwner => ({ organisationId, applicationId, endpointId, group });
