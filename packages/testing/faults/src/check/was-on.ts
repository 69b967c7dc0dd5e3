import { type Event, ofKind } from '../history/event.ts';
import type { ObservedDelivery } from './delivery.ts';

/**
 * Tells of a delivery whether its endpoint was certainly on when the message was fanned out: it was on from when the message
 * was posted until any endpoint got a request for it.
 */
export function wasOnAtFanOut(
  deliveries: readonly ObservedDelivery[],
  history: readonly Event[],
): (delivery: ObservedDelivery) => boolean {
  const off = Map.groupBy(ofKind(history, 'off'), ({ endpointId }) => endpointId);
  const fannedOut = new Map<string, number>();
  for (const { message, requests } of deliveries)
    for (const { at } of requests)
      fannedOut.set(message.messageId, Math.min(at, fannedOut.get(message.messageId) ?? Number.POSITIVE_INFINITY));
  return ({ endpoint, message: { messageId, postedAt } }) => {
    const end = fannedOut.get(messageId) ?? Number.POSITIVE_INFINITY;
    return !off.get(endpoint.endpointId)?.some(({ from, until }) => from <= end && postedAt <= until);
  };
}

/** Nothing was seen of the delivery, so it may be that it was never planned. */
export const hasNoTrace = ({ requests, attempts }: ObservedDelivery): boolean =>
  requests.length === 0 && attempts.length === 0;
