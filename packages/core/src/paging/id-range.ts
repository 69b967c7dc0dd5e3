import { type IdKind, isId, lowestIdAt, timeOfId } from '../identifier/identifier.ts';
import type { PageRequest, TimeWindow } from './page.ts';

/** How far back a list goes by default. */
const defaultWindowMs = 90 * 24 * 3_600_000;
/** Ids are made on several machines. Their clocks may be this far ahead of ours. */
const clockSkewMs = 3_600_000;

/** Ids from `from` (included) to `before` (not included). */
export interface IdRange {
  readonly from: string;
  readonly before: string;
}

/**
 * The ids of a time window. Without `after` it starts 90 days ago, or 90 days before `before` or the time in the iterator
 * if that is earlier.
 */
export function idRangeOf(
  kind: IdKind,
  { before, after, iterator }: TimeWindow & Pick<PageRequest, 'iterator'>,
  now: Date,
): IdRange {
  const end = before ?? new Date(now.getTime() + clockSkewMs);
  const asked = iterator !== undefined && isId(kind, iterator) ? timeOfId(iterator) : now;
  const start = after ?? new Date(Math.min(end.getTime(), asked.getTime(), now.getTime()) - defaultWindowMs);
  return { from: lowestIdAt(kind, start), before: lowestIdAt(kind, end) };
}

/**
 * The direction in which a list with the newest first is read. A query with `after` alone starts at the page closest to
 * that time, so it is read backward.
 */
export const directionOf = ({
  iterator,
  direction,
  before,
  after,
}: PageRequest & TimeWindow): PageRequest['direction'] =>
  iterator === undefined && after && !before ? 'backward' : direction;
