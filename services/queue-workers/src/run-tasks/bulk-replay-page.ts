import {
  type AttemptRepository,
  type BulkReplayFilters,
  type Clock,
  type DeliveryRepository,
  type Endpoint,
  type EndpointTask,
  isAskedFor,
  type ListedMessage,
  lowestIdAt,
  type MessageRepository,
  standingOf,
  taskDelivery,
} from '@posthorn/core';
import { listMessagePage } from './message-page.ts';
import { planBesideGroups } from './plan-beside-groups.ts';
import type { ReadTaskPage } from './run-endpoint-slice.ts';

export interface BulkReplayPageDeps {
  readonly listMessages: MessageRepository['list'];
  readonly listAttempts: AttemptRepository['listByMessage'];
  readonly findDelivery: DeliveryRepository['find'];
  readonly clock: Clock;
}

/** More attempts of one message are not looked at. */
const maxAttempts = 100;

/** The messages that were sent to the endpoint and match the filters, as they stood when the task was started. */
export const createReadBulkReplayPage =
  (deps: BulkReplayPageDeps): ReadTaskPage =>
  async (task, endpoint, cursor) => {
    const filters: BulkReplayFilters = task.work.kind === 'endpoint.bulk-replay' ? task.work.filters : {};
    const { messages, ...end } = await listMessagePage(deps, task, cursor, namesOf(filters));
    const sendable = messages.filter(({ expungedAt }) => expungedAt === undefined);
    const standings = await Promise.all(sendable.map((message) => findStanding(deps, task, { message, endpoint })));
    const planned = sendable.flatMap((message, index) => {
      const standing = standings[index];
      if (!standing || !isAskedFor(standing, filters)) return [];
      const delivery = taskDelivery(task, { ...message, endpointId: endpoint.endpointId }, standing);
      return planBesideGroups(delivery, endpoint, deps.clock());
    });
    return { planned, skipped: messages.length - planned.length, ...end };
  };

const namesOf = ({ eventTypes, channel, tag }: BulkReplayFilters) => ({
  ...(eventTypes && { eventTypes }),
  ...(channel !== undefined && { channel }),
  ...(tag !== undefined && { tag }),
});

/** What the task itself has done does not count, so that a slice that is run again finds the same. */
async function findStanding(
  { findDelivery, listAttempts, clock }: BulkReplayPageDeps,
  { endpointId, createdAt }: EndpointTask,
  { message: { messageId }, endpoint }: { readonly message: ListedMessage; readonly endpoint: Endpoint },
) {
  const query = {
    endpointId,
    before: createdAt,
    limit: maxAttempts,
    direction: 'forward',
    withResponse: false,
  } as const;
  const [stored, attempts] = await Promise.all([
    findDelivery({ endpointId, messageId }),
    listAttempts(messageId, query, clock()),
  ]);
  const isOwn = stored && (stored.state === 'failed' || stored.state === 'canceled') && stored.since >= createdAt;
  // Its own attempts are planned for then or later. One that was made by a clock that is behind seems to be earlier.
  const firstOwn = lowestIdAt('attempt', createdAt);
  const earlier = attempts.items.filter(({ attemptId }) => attemptId < firstOwn);
  return isOwn ? undefined : standingOf(stored, earlier, endpoint.order !== undefined);
}
