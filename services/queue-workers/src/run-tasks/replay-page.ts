import {
  type Clock,
  createFindOrderGroup,
  type Delivery,
  type Endpoint,
  firstDeliveryOf,
  isInPayload,
  type ListedMessage,
  type MessageRepository,
  matchesFilters,
  type PlannedDelivery,
  planDelivery,
} from '@posthorn/core';
import type { IsAccountedFor } from '@posthorn/delivering';
import { listMessagePage } from './message-page.ts';
import type { ReadTaskPage } from './run-endpoint-slice.ts';

export interface ReplayPageDeps {
  readonly listMessages: MessageRepository['list'];
  readonly findMessage: MessageRepository['find'];
  readonly isAccountedFor: IsAccountedFor;
  readonly clock: Clock;
}

/**
 * The messages of the application that match the endpoint's filters and were never attempted there, nor wait for it. They
 * are planned as fan-out plans them, with the same attempt id: a delivery that still waits on a queue is attempted once.
 */
export const createReadReplayPage =
  (deps: ReplayPageDeps): ReadTaskPage =>
  async (task, endpoint, cursor) => {
    const { messages, ...end } = await listMessagePage(deps, task, cursor);
    const wanted = messages.filter((message) => message.expungedAt === undefined && matchesFilters(endpoint, message));
    const missing = await Promise.all(
      wanted.map(async (one) => ((await deps.isAccountedFor(one, endpoint)) ? [] : [one])),
    );
    const planned: PlannedDelivery[] = [];
    // One after the other: each may have a body of 1 MiB in memory.
    for (const message of missing.flat()) planned.push(...(await plan(deps, message, endpoint)));
    return { planned, skipped: messages.length - planned.length, ...end };
  };

/** Returns nothing for a message that has expired or was expunged in the meantime. */
async function plan(
  { findMessage, clock }: ReplayPageDeps,
  message: ListedMessage,
  endpoint: Endpoint,
): Promise<readonly PlannedDelivery[]> {
  const delivery: Delivery = firstDeliveryOf(message, endpoint.endpointId);
  const stored = isInPayload(endpoint.order?.by)
    ? await findMessage(message.applicationId, message.messageId, clock())
    : { body: '' };
  if (!stored) return [];
  const plan = planDelivery(delivery, endpoint, {
    findGroup: createFindOrderGroup(stored.body, message.orderingKey),
    now: clock(),
  });
  if ('error' in plan) throw plan.error;
  return [plan];
}
