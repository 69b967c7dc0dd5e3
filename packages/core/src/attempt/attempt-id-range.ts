import { type IdRange, idRangeOf } from '../paging/id-range.ts';
import type { AttemptQuery } from './attempt-repository.ts';

/** Clocks of machines differ by less than this, so an attempt can be made this much before its planned time. */
const clockDifferenceMs = 2_000;

/**
 * The ids that attempts of a query's window can have. The window is of the times at which they were made, and an id has
 * the time for which its attempt was planned.
 */
export const attemptIdRangeOf = (
  { before, after, plannedFrom, iterator }: Pick<AttemptQuery, 'before' | 'after' | 'plannedFrom' | 'iterator'>,
  now: Date,
): IdRange =>
  idRangeOf(
    'attempt',
    {
      ...(before && { before: new Date(before.getTime() + clockDifferenceMs) }),
      ...(after && { after: plannedFrom ?? after }),
      ...(iterator !== undefined && { iterator }),
    },
    now,
  );
