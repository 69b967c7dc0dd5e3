import { type IdKind, lowestIdAt } from '../identifier/identifier.ts';
import type { PageRequest, TimeWindow } from './page.ts';

/** How far back a list goes when nobody says. */
const defaultWindowMs = 90 * 24 * 3_600_000;
/** How far ahead of us the clock may be that made an id. */
const clockSkewMs = 3_600_000;

/** The times that an id can carry. */
const firstIdTime = Date.parse('2014-05-13T16:53:20Z');
const lastIdTime = Date.parse('2150-01-01T00:00:00Z');

/** Ids from `from` (included) to `before` (not included). */
export interface IdRange {
  readonly from: string;
  readonly before: string;
}

/** The ids of a time window: 90 days back from `before`, or from now, when it names no `after`. */
export function idRangeOf(kind: IdKind, { before, after }: TimeWindow, now: Date): IdRange {
  const end = before ?? new Date(now.getTime() + clockSkewMs);
  const start = after ?? new Date(Math.min(end.getTime(), now.getTime()) - defaultWindowMs);
  return { from: lowestIdAt(kind, clampToIdTime(start)), before: lowestIdAt(kind, clampToIdTime(end)) };
}

const clampToIdTime = (time: Date): Date => new Date(Math.min(Math.max(time.getTime(), firstIdTime), lastIdTime));

/**
 * Which way a list that is newest first is walked. One that names only `after` starts at the page closest to it, so it
 * is walked backward.
 */
export const directionOf = ({
  iterator,
  direction,
  before,
  after,
}: PageRequest & TimeWindow): PageRequest['direction'] =>
  iterator === undefined && after && !before ? 'backward' : direction;
