import {
  createFindOrderGroup,
  type Delivery,
  type EndpointRepository,
  type MessageRepository,
  markedAsStored,
  planDelivery,
} from '@posthorn/core';
import { type StoreEndingDeps, storeEnding } from '@posthorn/delivering';
import type { DeliveriesQueue } from '@posthorn/queues';

export interface PlanAgainDeps extends StoreEndingDeps {
  readonly findEndpoint: EndpointRepository['find'];
  readonly findMessage: MessageRepository['find'];
  readonly sendFifo: DeliveriesQueue['sendFifo'];
  readonly sendStandard: DeliveriesQueue['sendStandard'];
}

/** Sends a delivery to the queue and the group that it belongs to. One that can no longer be made ends. */
export type PlanAgain = (delivery: Delivery) => Promise<void>;

/**
 * For a delivery that was put back, and whose group was not known when it was set aside. A destination gets nothing
 * beside its groups.
 *
 * @throws UnusableData if the endpoint or the message still cannot be read
 */
export const createPlanAgain =
  (deps: PlanAgainDeps): PlanAgain =>
  async (delivery) => {
    const { applicationId, endpointId, messageId } = delivery;
    const now = deps.clock();
    const [endpoint, message] = await Promise.all([
      deps.findEndpoint(applicationId, endpointId),
      deps.findMessage(applicationId, messageId, now),
    ]);
    if (!endpoint || !message) {
      const reason = endpoint ? 'message_expired' : 'endpoint_deleted';
      await storeEnding(deps, delivery, { state: 'canceled', reason });
      return;
    }
    const findGroup = createFindOrderGroup(message.body, message.orderingKey);
    const planned = planDelivery(delivery, endpoint, { findGroup, now });
    if ('error' in planned) throw planned.error;
    const [unsent] =
      planned.queue === 'fifo'
        ? await deps.sendFifo([planned])
        : await deps.sendStandard([{ delivery: markedAsStored(delivery, now) }]);
    if (unsent) throw unsent.error;
  };
