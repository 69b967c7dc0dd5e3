import type { Event } from '../history/event.ts';
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

const eventsOf = ({ messageId }: Violation, history: readonly Event[]): readonly string[] =>
  messageId === undefined
    ? []
    : history
        .filter((event) => event.kind === 'killed' || ('messageId' in event && event.messageId === messageId))
        .toSorted((one, other) => timeOf(one) - timeOf(other))
        .slice(0, mostEvents)
        .map((event) => `  ${JSON.stringify(event)}`);

/** Events without a time come last. */
const timeOf = (event: Event): number => ('at' in event ? event.at : Number.POSITIVE_INFINITY);
