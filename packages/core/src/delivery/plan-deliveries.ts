import { UnusableData } from '../batch/unusable-data.ts';
import { type FanOutEndpoint, matchesFilters, type UnreadableEndpoint } from '../endpoint/endpoint.ts';
import { isSlow } from '../endpoint/slow-endpoint.ts';
import { isId, type MessagePlacement, timeOfId } from '../identifier/identifier.ts';
import { type FanOutMessage, plannedTimeOf } from '../message/message.ts';
import type { FindOrderGroup } from '../message/ordering-key.ts';
import type { Delivery } from './delivery.ts';

/** A delivery and the queue that takes it on. */
export type PlannedDelivery =
  | { readonly queue: 'standard' | 'slow'; readonly delivery: Delivery }
  | { readonly queue: 'fifo'; readonly delivery: Delivery; readonly group: string };

/**
 * The row that a message was read from: its own row (`ordered` or `sharded`), or its `relay` into the order. Endpoints in
 * FIFO mode get messages from `ordered` rows and relays only, because only those are in order. Other endpoints get them
 * from the message's own row only, so that no endpoint gets a message twice.
 */
export type MessageSource = MessagePlacement | 'relay';

/** A delivery that cannot be planned: it concerns its endpoint only. */
export interface RefusedDelivery {
  readonly queue: PlannedDelivery['queue'];
  readonly delivery: Delivery;
  readonly error: unknown;
}

/** What a message leads to. */
export interface DeliveryPlan {
  readonly planned: readonly PlannedDelivery[];
  readonly refused: readonly RefusedDelivery[];
}

/** What is planned from. */
export interface PlanInput {
  readonly message: FanOutMessage;
  readonly endpoints: readonly (FanOutEndpoint | UnreadableEndpoint)[];
  readonly source: MessageSource;
  /** Called for endpoints in FIFO mode only. If it throws, the delivery to that endpoint is refused. */
  readonly findGroup: FindOrderGroup;
  readonly now: Date;
}

/** Clocks of machines differ: an endpoint that is at most this much younger than a message gets it. */
const creationToleranceMs = 2_000;

/**
 * Same message and endpoints in, same deliveries out: a replayed stream record plans nothing new. Only whether an endpoint
 * is slow depends on the time, and a delivery that is on two queues is still attempted once. An endpoint for which
 * nothing can be planned does not stop the others. An endpoint that was created after the message was accepted does not
 * get it, however late the message is fanned out.
 */
export function planDeliveries({ message, endpoints, source, findGroup, now }: PlanInput): DeliveryPlan {
  const planned: PlannedDelivery[] = [];
  const refused: RefusedDelivery[] = [];
  for (const endpoint of endpoints) {
    if (wasCreatedAfter(endpoint, message) || isForAnother(endpoint, message)) continue;
    const delivery = firstDeliveryOf(message, endpoint.endpointId);
    if ('unreadable' in endpoint) {
      const error = new UnusableData(endpoint.unreadable);
      // Its mode is not known: it is refused once, from the message's own row, as if it were in a group.
      if (source !== 'relay') refused.push({ queue: 'fifo', delivery, error });
      continue;
    }
    if (endpoint.disabled || !isServedFrom(source, endpoint) || !matchesFilters(endpoint, message)) continue;
    const plan = planDelivery(delivery, endpoint, { findGroup, now });
    if ('error' in plan) refused.push(plan);
    else planned.push(plan);
  }
  return { planned, refused };
}

/** Whether an endpoint was created after a message was accepted, so that it does not get it. */
export const wasCreatedAfter = (
  { endpointId }: Pick<FanOutEndpoint, 'endpointId'>,
  { acceptedAt }: Pick<FanOutMessage, 'acceptedAt'>,
): boolean =>
  isId('endpoint', endpointId) && timeOfId(endpointId).getTime() > acceptedAt.getTime() + creationToleranceMs;

/** Also an endpoint that cannot be read has nothing to do with a message for another one. */
const isForAnother = (
  { endpointId }: Pick<FanOutEndpoint, 'endpointId'>,
  { onlyTo }: Pick<FanOutMessage, 'onlyTo'>,
): boolean => onlyTo !== undefined && onlyTo !== endpointId;

const isServedFrom = (source: MessageSource, { order }: FanOutEndpoint): boolean =>
  order ? source !== 'sharded' : source !== 'relay';

/** Chooses the queue of a delivery. If its group cannot be found, it is refused. */
export function planDelivery(
  delivery: Delivery,
  endpoint: FanOutEndpoint,
  { findGroup, now }: Pick<PlanInput, 'findGroup' | 'now'>,
): PlannedDelivery | RefusedDelivery {
  const { endpointId, order } = endpoint;
  if (!order) return { queue: isSlow(endpoint, now) ? 'slow' : 'standard', delivery };
  const by = order.by === undefined ? {} : { by: order.by };
  try {
    return { queue: 'fifo', delivery, group: findGroup({ endpointId, ...by }) };
  } catch (error) {
    return { queue: 'fifo', delivery, error };
  }
}

/** The delivery of a message to an endpoint as fan-out plans it: the same for the same message, whenever it is planned. */
export const firstDeliveryOf = (
  message: Pick<FanOutMessage, 'organisationId' | 'applicationId' | 'messageId' | 'acceptedAt' | 'deliverAt'>,
  endpointId: string,
): Delivery => ({
  organisationId: message.organisationId,
  applicationId: message.applicationId,
  messageId: message.messageId,
  endpointId,
  attemptNumber: 1,
  scheduledAt: plannedTimeOf(message),
  trigger: 'scheduled',
  // So that a job that comes too early is not attempted, and that its success removes the row that it may have.
  ...(plannedTimeOf(message) > message.acceptedAt && { notBefore: plannedTimeOf(message) }),
});
