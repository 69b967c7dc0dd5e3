import { type Event, ofKind } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';

/** Finds attempts of a delivery that have more than one record. */
export const findRecordedTwice = (deliveries: readonly ObservedDelivery[]): readonly Violation[] =>
  deliveries.flatMap(({ endpoint: { path, endpointId }, message: { messageId }, attempts }) => {
    const numbers = attempts.map(({ attemptNumber }) => attemptNumber);
    const twice = numbers.filter((number, index) => numbers.indexOf(number) !== index);
    return twice.map((number) => ({
      promise: 'recorded-twice' as const,
      what: `${path} ${messageId}: attempt ${number}`,
      messageId,
      endpointId,
    }));
  });

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
