import { type DeadLetter, type Event, ofKind, type Waiting } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';

/** The attempts that end a delivery. */
const lastSteps: readonly string[] = ['done', 'exhausted', 'gone', 'aborted'];

/** Finds deliveries that were not made, or that ended without a receipt. */
export function findLost(deliveries: readonly ObservedDelivery[], history: readonly Event[]): readonly Violation[] {
  const ended = new Map<string, Waiting | DeadLetter>();
  for (const event of [...ofKind(history, 'waiting'), ...ofKind(history, 'dead-letter')])
    ended.set(keyOf(event.endpointId, event.messageId), event);
  return deliveries.flatMap((delivery) => {
    const { endpoint, message } = delivery;
    const problem = problemOf(delivery, ended.get(keyOf(endpoint.endpointId, message.messageId)));
    const [{ messageId }, { endpointId }] = [message, endpoint];
    return problem === undefined
      ? []
      : [{ promise: 'lost', what: `${endpoint.path} ${messageId}: ${problem}`, messageId, endpointId }];
  });
}

/** It waits until the endpoint is back. */
const isWaiting = (other: Waiting | DeadLetter | undefined): boolean =>
  other?.kind === 'waiting' && (other.state === 'held' || other.state === 'parked');

function problemOf(
  { endpoint, requests, attempts }: ObservedDelivery,
  other: Waiting | DeadLetter | undefined,
): string | undefined {
  const isAccepted = requests.some(({ answer }) => answer === 'accepted');
  const hasSuccess = attempts.some(({ status }) => status === 'succeeded');
  const hasEnded = attempts.some(({ next }) => lastSteps.includes(next));
  switch (endpoint.expects) {
    case 'accepts':
      if (!isAccepted) return `never accepted (${requests.length} requests, ${attempts.length} receipts)`;
      return hasSuccess ? undefined : `accepted, but without a receipt of that (${attempts.length} receipts)`;
    case 'never-accepts':
      return hasEnded || isWaiting(other) ? undefined : `its last attempt has no receipt (${attempts.length} receipts)`;
    case 'is-disabled':
      // A message that is fanned out when the endpoint is disabled already has no delivery to it.
      return hasEnded || other !== undefined || requests.length === 0 ? undefined : 'ended without a receipt';
  }
}
