import { type Event, ofKind } from '../history/event.ts';
import type { Violation } from './violation.ts';

const mostViolations = 20;
const mostEvents = 60;

/** Each violation, with the events of the message that it concerns. Of many, the first ones. */
export const describeViolations = (violations: readonly Violation[], history: readonly Event[]): readonly string[] => [
  ...violations
    .slice(0, mostViolations)
    .flatMap((violation) => [`${violation.promise}: ${violation.what}`, ...eventsOf(violation, history)]),
  ...(violations.length > mostViolations ? [`… and ${violations.length - mostViolations} more`] : []),
];

function eventsOf({ messageId, endpointId }: Violation, history: readonly Event[]): readonly string[] {
  if (messageId === undefined) return [];
  const path = ofKind(history, 'subscribed').find((endpoint) => endpoint.endpointId === endpointId)?.path;
  const concerns = (event: Event): boolean => {
    if (!('messageId' in event) || event.messageId !== messageId) return false;
    if (endpointId === undefined || event.kind === 'accepted') return true;
    return event.kind === 'received' ? event.path === path : event.endpointId === endpointId;
  };
  return history
    .filter(concerns)
    .toSorted((one, other) => timeOf(one) - timeOf(other))
    .slice(0, mostEvents)
    .map((event) => `  ${JSON.stringify(event)}`);
}

/** Events without a time come last. */
const timeOf = (event: Event): number => ('at' in event ? event.at : Number.POSITIVE_INFINITY);
