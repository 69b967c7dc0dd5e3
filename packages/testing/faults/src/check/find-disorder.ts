import type { Accepted, Event, Received, Recorded, Subscribed } from '../history/event.ts';
import { type ByHand, findByHand } from './by-hand.ts';
import type { ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';
import { hasNoTrace, wasOnAtFanOut } from './was-on.ts';

/**
 * Finds requests that break the order of their group: a message was sent before one that had been accepted earlier was
 * through, or again after a later one had been sent. Of messages that were posted at the same time none is earlier.
 *
 * What people ask for changes that: a message that is skipped is through, and one that is sent again has no order. One that
 * was never planned, because its endpoint was off, is in no group.
 */
export function findDisorder(deliveries: readonly ObservedDelivery[], history: readonly Event[]): readonly Violation[] {
  const wasOn = wasOnAtFanOut(deliveries, history);
  const byHand = findByHand(history);
  const planned = deliveries.filter((delivery) => !hasNoTrace(delivery) || wasOn(delivery));
  return [...groupsOf(planned).values()].flatMap((group) => findInGroup(group, byHand));
}

function groupsOf(deliveries: readonly ObservedDelivery[]): Map<string, ObservedDelivery[]> {
  const groups = new Map<string, ObservedDelivery[]>();
  for (const delivery of deliveries) {
    const { endpoint, message } = delivery;
    if (endpoint.order === 'none') continue;
    const name = JSON.stringify([endpoint.endpointId, endpoint.order === 'key' ? message.key : '']);
    groups.set(name, [...(groups.get(name) ?? []), delivery]);
  }
  return groups;
}

const isEarlier = (one: Accepted, other: Accepted): boolean => one.at < other.postedAt;

function findInGroup(group: readonly ObservedDelivery[], byHand: ByHand): readonly Violation[] {
  // By the time of acceptance: those that are earlier than a message are a beginning of this list.
  const inOrder = group.toSorted((one, other) => one.message.at - other.message.at);
  const steps = inOrder
    .flatMap((delivery, place) => delivery.requests.map((request) => ({ request, place, delivery })))
    .toSorted((one, other) => one.request.order - other.request.order);
  const through = inOrder.map(() => false);
  const skippedFrom = inOrder.map((delivery) => byHand.skippedFrom(delivery));
  let throughUpTo = 0;
  let latestPosted = Number.NEGATIVE_INFINITY;
  return steps.flatMap(({ request, place, delivery }) => {
    const { message, endpoint } = delivery;
    while (through[throughUpTo] || (skippedFrom[throughUpTo] ?? request.at + 1) <= request.at) throughUpTo += 1;
    if (byHand.isAgain(request, delivery)) {
      if (request.answer === 'accepted') through[place] = true;
      return [];
    }
    const waiting = inOrder[throughUpTo];
    const overtakes = waiting !== undefined && waiting !== delivery && isEarlier(waiting.message, message);
    const comesLate = message.at < latestPosted;
    latestPosted = Math.max(latestPosted, message.postedAt);
    const last = delivery.requests.findLast((one) => !byHand.isAgain(one, delivery));
    if (isThrough(request, delivery, last)) through[place] = true;
    if (!overtakes && !comesLate) return [];
    const what = overtakes
      ? `sent before ${waiting.message.messageId} was through`
      : 'sent again after a later message of its group';
    const [{ messageId }, { endpointId, path }] = [message, endpoint];
    return [{ promise: 'out-of-order' as const, what: `${path} ${messageId}: ${what}`, messageId, endpointId }];
  });
}

/** Whether the group may go on after this request. */
const isThrough = (request: Received, { endpoint, attempts }: ObservedDelivery, last: Received | undefined): boolean =>
  request.answer === 'accepted' ||
  (request === last && attempts.some((attempt) => endsWithoutSuccess(attempt, endpoint)));

/** Whether a group goes on after this attempt although the message was not accepted. */
const endsWithoutSuccess = ({ next }: Recorded, { onExhausted }: Subscribed): boolean =>
  next === 'aborted' || (next === 'exhausted' && onExhausted === 'skip');
