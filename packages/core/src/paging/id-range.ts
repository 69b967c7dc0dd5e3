import { type IdKind, lowestIdAt } from '../identifier/identifier.ts';
import type { PageRequest, TimeWindow } from './page.ts';

/** How far back a list goes by default. */
const defaultWindowMs = 90 * 24 * 3_600_000;
/** Ids are made on several machines. Their clocks may be this far ahead of ours. */
const clockSkewMs = 3_600_000;

/** The times that an id can carry. */
const firstIdTime = Date.parse('2014-05-13T16:53:20Z');
const lastIdTime = Date.parse('2150-01-01T00:00:00Z');

/** Ids from `from` (included) to `before` (not included). */
export interface IdRange {
  readonly from: string;
  readonly before: string;
}

/** The ids of a time window. Without `after` it starts 90 days before `before`, or 90 days ago. */
export function idRangeOf(kind: IdKind, { before, after }: TimeWindow, now: Date): IdRange {
  const end = before ?? new Date(now.getTime() + clockSkewMs);
  const start = after ?? new Date(Math.min(end.getTime(), now.getTime()) - defaultWindowMs);
  return { from: lowestIdAt(kind, clampToIdTime(start)), before: lowestIdAt(kind, clampToIdTime(end)) };
}

const clampToIdTime = (time: Date): Date => new Date(Math.min(Math.max(time.getTime(), firstIdTime), lastIdTime));

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
