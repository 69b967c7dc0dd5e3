import { type FanOutEndpoint, wants } from '../endpoint/endpoint.ts';
import type { MessagePlacement } from '../identifier/identifier.ts';
import type { FanOutMessage } from '../message/message.ts';
import { orderGroupOf } from '../message/ordering-key.ts';
import type { Delivery } from './delivery.ts';

/** A delivery and the queue that takes it on. */
export type PlannedDelivery =
  | { readonly queue: 'standard'; readonly delivery: Delivery }
  | { readonly queue: 'fifo'; readonly delivery: Delivery; readonly group: string };

/**
 * The row that a message was read from: its own, under one partition key or sharded, or its relay into the order.
 * Endpoints in FIFO mode are served from rows under the one partition key only, since only those are in order; the
 * others from the message's own row, so that none gets it twice.
 */
export type MessageSource = MessagePlacement | 'relay';

/** Same message and endpoints in, same deliveries out: a replayed stream record plans nothing new. */
export const planDeliveries = (
  message: FanOutMessage,
  endpoints: readonly FanOutEndpoint[],
  source: MessageSource,
): readonly PlannedDelivery[] =>
  endpoints
    .filter((endpoint) => !endpoint.disabled && isServedFrom(source, endpoint) && wants(endpoint, message))
    .map((endpoint) => planDelivery(message, endpoint));

const isServedFrom = (source: MessageSource, { order }: FanOutEndpoint): boolean =>
  order ? source !== 'sharded' : source !== 'relay';

function planDelivery(message: FanOutMessage, { endpointId, order }: FanOutEndpoint): PlannedDelivery {
  const { organisationId, applicationId, messageId, acceptedAt, body } = message;
  const delivery: Delivery = {
    organisationId,
    applicationId,
    messageId,
    endpointId,
    attemptNumber: 1,
    scheduledAt: acceptedAt,
    trigger: 'scheduled',
  };
  if (!order) return { queue: 'standard', delivery };
  const by = order.by === undefined ? {} : { by: order.by };
  return { queue: 'fifo', delivery, group: orderGroupOf({ endpointId, body, ...by }) };
}
