import { type Asked, type Event, ofKind, type Received } from '../history/event.ts';
import type { ObservedDelivery } from './delivery.ts';

/** What people asked for that changes the order of a group. */
export interface ByHand {
  /** Whether a request was made because someone asked for the message once more, beside its group. */
  isAgain(request: Received, delivery: ObservedDelivery): boolean;
  /** From when on the group may go on without the message, because someone asked for that. */
  skippedFrom(delivery: ObservedDelivery): number;
}

/** Finds out which requests and gaps in the order of groups people have asked for. */
export function findByHand(history: readonly Event[]): ByHand {
  const asks = Map.groupBy(ofKind(history, 'asked'), ({ endpointId }) => endpointId);
  const asksOf = ({ endpoint, message }: ObservedDelivery, what: Asked['what']): readonly Asked[] =>
    (asks.get(endpoint.endpointId) ?? []).filter(
      (ask) => ask.what === what && (ask.messageId ?? message.messageId) === message.messageId,
    );
  const skippedFrom = (delivery: ObservedDelivery) =>
    Math.min(Number.POSITIVE_INFINITY, ...asksOf(delivery, 'skip').map(({ at }) => at));
  return {
    skippedFrom,
    isAgain(request, delivery) {
      if (!asksOf(delivery, 'again').some(({ at }) => at <= request.at)) return false;
      const own = delivery.attempts.filter(({ timestamp }) => timestamp === request.timestamp);
      if (own.length === 0 || own.some(({ trigger }) => trigger === 'manual')) return true;
      const number = Math.max(...own.map(({ attemptNumber }) => attemptNumber));
      const hadEnded = delivery.attempts.some(
        ({ attemptNumber, trigger, next }) => trigger === 'scheduled' && attemptNumber < number && next !== 'retry',
      );
      return hadEnded || skippedFrom(delivery) <= request.at;
    },
  };
}
