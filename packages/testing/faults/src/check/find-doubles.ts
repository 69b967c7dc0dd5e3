import { type Event, ofKind } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';

/**
 * Finds attempts of a delivery that have more than one record, and more attempts by hand than were asked for.
 *
 * What was asked for of a whole endpoint (recover, replay) can begin a delivery again at a number that it has had, once for
 * each time: ADR 0053 says when.
 */
export function findRecordedTwice(
  deliveries: readonly ObservedDelivery[],
  history: readonly Event[],
): readonly Violation[] {
  const asks = Map.groupBy(
    ofKind(history, 'asked').filter(({ what }) => what === 'again'),
    ({ endpointId }) => endpointId,
  );
  return deliveries.flatMap(({ endpoint: { path, endpointId }, message: { messageId }, attempts }) => {
    const own = (asks.get(endpointId) ?? []).filter((ask) => (ask.messageId ?? messageId) === messageId);
    const begun = own.filter((ask) => ask.messageId === undefined).length;
    const planned = attempts.filter(({ trigger }) => trigger === 'scheduled').map(({ attemptNumber }) => attemptNumber);
    const twice = [...Map.groupBy(planned, (number) => number)].filter(([, { length }]) => length > 1 + begun);
    const manual = attempts.length - planned.length;
    const found = [
      ...twice.map(([number]) => `attempt ${number}`),
      ...(manual > own.length ? [`${manual} attempts by hand, ${own.length} asked for`] : []),
    ];
    return found.map((what) => ({
      promise: 'recorded-twice' as const,
      what: `${path} ${messageId}: ${what}`,
      messageId,
      endpointId,
    }));
  });
}

/** Finds endpoints whose statistics differ from the attempts that are recorded. */
export function findWrongStatistics(history: readonly Event[]): readonly Violation[] {
  const counts = new Map<string, { succeeded: number; failed: number }>();
  const seen = new Set<string>();
  for (const { endpointId, messageId, attemptId, status } of ofKind(history, 'recorded')) {
    const count = counts.get(endpointId) ?? { succeeded: 0, failed: 0 };
    const key = `${keyOf(endpointId, messageId)} ${attemptId}`;
    if (!seen.has(key)) count[status] += 1;
    seen.add(key);
    counts.set(endpointId, count);
  }
  return ofKind(history, 'counted').flatMap(({ endpointId, success, fail }) => {
    const { succeeded, failed } = counts.get(endpointId) ?? { succeeded: 0, failed: 0 };
    if (success === succeeded && fail === failed) return [];
    const what = `${endpointId}: ${success} + ${fail} counted, ${succeeded} + ${failed} recorded`;
    return [{ promise: 'statistics' as const, what }];
  });
}
