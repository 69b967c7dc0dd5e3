import { type Event, ofKind } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import type { Violation } from './violation.ts';

const windowMs = 10_000;
/** Requests may come so late, together with the next ones: docs/adr/0047 says how late one may be that missed its slot. */
const mostSecondsLate = 4;
/** A limit is kept to a tenth over any ten seconds. */
const mostOf = (perSecond: number): number =>
  Math.ceil(perSecond * (windowMs / 1_000) * 1.1) + mostSecondsLate * perSecond;

/**
 * Finds endpoints that got more requests in ten seconds than their limit allows. A delivery whose worker died is not
 * counted: it had its turn then, and comes again without waiting for another one each time.
 */
export function findOverLimit(
  deliveries: readonly ObservedDelivery[],
  history: readonly Event[],
): readonly Violation[] {
  const ended = new Set(ofKind(history, 'work-ended').map(({ work }) => work));
  const cutOff = new Set(
    ofKind(history, 'work-began')
      .filter(({ work }) => !ended.has(work))
      .flatMap(({ jobs }) => jobs.map(({ endpointId = '', messageId = '' }) => keyOf(endpointId, messageId))),
  );
  const counted = deliveries.filter(
    ({ endpoint, message }) => !cutOff.has(keyOf(endpoint.endpointId, message.messageId)),
  );
  const byEndpoint = Map.groupBy(counted, ({ endpoint }) => endpoint);
  return [...byEndpoint].flatMap(([{ path, endpointId, perSecond }, own]) => {
    if (perSecond === undefined) return [];
    const times = own.flatMap(({ requests }) => requests.map(({ at }) => at)).toSorted((one, other) => one - other);
    const most = mostOverWindow(times);
    if (most <= mostOf(perSecond)) return [];
    return [{ promise: 'over-limit' as const, what: `${path}: ${most} requests in ten seconds`, endpointId }];
  });
}

function mostOverWindow(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? at) <= at - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
