import type { Accepted, Received, Recorded } from '../history/event.ts';
import type { ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';

/** Attempts after which a group goes on although the message was not accepted. */
const passingSteps: readonly string[] = ['exhausted', 'aborted'];

/**
 * Finds requests that break the order of their group: a message was sent before one that had been accepted earlier was
 * through, or again after a later one had been sent. Of messages that were posted at the same time none is earlier.
 */
export const findDisorder = (deliveries: readonly ObservedDelivery[]): readonly Violation[] =>
  [...groupsOf(deliveries).values()].flatMap(findInGroup);

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

function findInGroup(group: readonly ObservedDelivery[]): readonly Violation[] {
  // By the time of acceptance: those that are earlier than a message are a beginning of this list.
  const inOrder = group.toSorted((one, other) => one.message.at - other.message.at);
  const steps = inOrder
    .flatMap((delivery, place) => delivery.requests.map((request) => ({ request, place, delivery })))
    .toSorted((one, other) => one.request.order - other.request.order);
  const through = inOrder.map(() => false);
  let throughUpTo = 0;
  let latestPosted = Number.NEGATIVE_INFINITY;
  return steps.flatMap(({ request, place, delivery }) => {
    const { message, endpoint } = delivery;
    while (through[throughUpTo]) throughUpTo += 1;
    const waiting = inOrder[throughUpTo];
    const overtakes = waiting !== undefined && waiting !== delivery && isEarlier(waiting.message, message);
    const comesLate = message.at < latestPosted;
    latestPosted = Math.max(latestPosted, message.postedAt);
    if (isThrough(request, delivery)) through[place] = true;
    if (!overtakes && !comesLate) return [];
    const what = overtakes
      ? `sent before ${waiting.message.messageId} was through`
      : 'sent again after a later message of its group';
    const [{ messageId }, { endpointId, path }] = [message, endpoint];
    return [{ promise: 'out-of-order' as const, what: `${path} ${messageId}: ${what}`, messageId, endpointId }];
  });
}

/** Whether the group may go on after this request. */
const isThrough = (request: Received, { attempts, requests }: ObservedDelivery): boolean =>
  request.answer === 'accepted' || (request === requests.at(-1) && attempts.some(endsWithoutSuccess));

const endsWithoutSuccess = ({ next }: Recorded): boolean => passingSteps.includes(next);
