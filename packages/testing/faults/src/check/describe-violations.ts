import { type Event, ofKind } from '../history/event.ts';
import type { Violation } from './violation.ts';

const mostOfPromise = 5;
const mostEvents = 60;

/** The first violations of each promise, with the events of the messages that they concern. */
export const describeViolations = (violations: readonly Violation[], history: readonly Event[]): readonly string[] =>
  [...Map.groupBy(violations, ({ promise }) => promise).values()].flatMap((own) => [
    ...own
      .slice(0, mostOfPromise)
      .flatMap((violation) => [`${violation.promise}: ${violation.what}`, ...eventsOf(violation, history)]),
    ...(own.length > mostOfPromise ? [`… and ${own.length - mostOfPromise} more of ${own[0]?.promise}`] : []),
  ]);

function eventsOf({ messageId, endpointId }: Violation, history: readonly Event[]): readonly string[] {
  if (messageId === undefined) return [];
  const path = ofKind(history, 'subscribed').find((endpoint) => endpoint.endpointId === endpointId)?.path;
  const concerns = (event: Event): boolean => {
    if (!('messageId' in event) || event.messageId !== messageId) return false;
    if (endpointId === undefined || event.kind === 'accepted') return true;
    return 'path' in event ? event.path === path : event.endpointId === endpointId;
  };
  const own = history.filter(concerns);
  const works = new Set(own.flatMap((event) => ('work' in event ? event.work : [])));
  const ofWorkers = history.filter(
    (event) => (event.kind === 'work-began' || event.kind === 'work-ended') && works.has(event.work),
  );
  return [...own, ...ofWorkers]
    .toSorted((one, other) => timeOf(one) - timeOf(other))
    .slice(0, mostEvents)
    .map((event) => `  ${JSON.stringify(event)}`);
}

/** Events without a time come last. */
const timeOf = (event: Event): number => ('at' in event ? event.at : Number.POSITIVE_INFINITY);
