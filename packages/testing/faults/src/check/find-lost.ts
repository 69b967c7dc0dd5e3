import { type DeadLetter, type Event, ofKind, type Waiting } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';
import { hasNoTrace, wasOnAtFanOut } from './was-on.ts';

/** The attempts that end a delivery. */
const lastSteps: readonly string[] = ['done', 'exhausted', 'gone', 'aborted'];

/** Finds deliveries that were not made, or that ended without a receipt. */
export function findLost(deliveries: readonly ObservedDelivery[], history: readonly Event[]): readonly Violation[] {
  const ended = new Map<string, Waiting | DeadLetter>();
  for (const event of [...ofKind(history, 'waiting'), ...ofKind(history, 'dead-letter')])
    ended.set(keyOf(event.endpointId, event.messageId), event);
  const wasPlanned = planningBeforeRefusals(deliveries);
  const wasOn = wasOnAtFanOut(deliveries, history);
  return deliveries.flatMap((delivery) => {
    const { endpoint, message } = delivery;
    const problem = problemOf(delivery, {
      other: ended.get(keyOf(endpoint.endpointId, message.messageId)),
      mustExist: endpoint.expects === 'is-disabled' ? wasPlanned(delivery) : wasOn(delivery),
    });
    const [{ messageId }, { endpointId }] = [message, endpoint];
    return problem === undefined
      ? []
      : [{ promise: 'lost', what: `${endpoint.path} ${messageId}: ${problem}`, messageId, endpointId }];
  });
}

/**
 * A message that is fanned out when its endpoint is disabled already has no delivery to it. Its fan-out came before if any
 * endpoint got a request for it before this one had refused one, since only that disables it.
 */
function planningBeforeRefusals(deliveries: readonly ObservedDelivery[]): (delivery: ObservedDelivery) => boolean {
  const [firstRequest, firstRefusal] = [new Map<string, number>(), new Map<string, number>()];
  const note = (times: Map<string, number>, key: string, at: number) =>
    times.set(key, Math.min(at, times.get(key) ?? Number.POSITIVE_INFINITY));
  for (const { endpoint, message, requests } of deliveries)
    for (const { at, answer } of requests) {
      note(firstRequest, message.messageId, at);
      if (answer === 'refused') note(firstRefusal, endpoint.endpointId, at);
    }
  return ({ endpoint, message }) =>
    (firstRequest.get(message.messageId) ?? Number.POSITIVE_INFINITY) <
    (firstRefusal.get(endpoint.endpointId) ?? Number.POSITIVE_INFINITY);
}

/** It waits until the endpoint is back. */
const isWaiting = (other: Waiting | DeadLetter | undefined): boolean =>
  other?.kind === 'waiting' && (other.state === 'held' || other.state === 'parked');

/** It has ended without an attempt, and there is a row or a job that says why. */
const isSetAside = (other: Waiting | DeadLetter | undefined): boolean =>
  other?.kind === 'dead-letter' ||
  (other?.kind === 'waiting' && (other.state === 'failed' || other.state === 'canceled') && other.reason !== '');

function problemOf(
  delivery: ObservedDelivery,
  { other, mustExist }: { readonly other: Waiting | DeadLetter | undefined; readonly mustExist: boolean },
): string | undefined {
  const { endpoint, requests, attempts } = delivery;
  if (hasNoTrace(delivery) && other === undefined && !mustExist) return undefined;
  const isAccepted = requests.some(({ answer }) => answer === 'accepted');
  const hasSuccess = attempts.some(({ status }) => status === 'succeeded');
  const hasEnded = attempts.some(({ next }) => lastSteps.includes(next));
  switch (endpoint.expects) {
    case 'accepts':
    case 'accepts-while-on':
      if (!isAccepted) return `never accepted (${requests.length} requests, ${attempts.length} receipts)`;
      return hasSuccess ? undefined : `accepted, but without a receipt of that (${attempts.length} receipts)`;
    case 'accepts-or-ends':
    case 'is-deleted':
      if (isAccepted && !hasSuccess) return `accepted, but without a receipt of that (${attempts.length} receipts)`;
      return hasEnded || isSetAside(other) ? undefined : `has not ended (${attempts.length} receipts)`;
    case 'never-accepts':
      return hasEnded || isWaiting(other) ? undefined : `its last attempt has no receipt (${attempts.length} receipts)`;
    case 'is-disabled':
      if (hasEnded || isSetAside(other)) return undefined;
      return `ended without a receipt (${requests.length} requests)`;
  }
}
