import { defaultPageLimit, maxPageLimit } from '@posthorn/contracts/api/paging';
import { type PageRequest, parseIterator } from '@posthorn/core';
import { invalidField } from '../http/read-body.ts';

export interface Walk {
  readonly limit?: number | undefined;
  readonly iterator?: string | undefined;
}

type PageStart = Omit<PageRequest, 'limit'>;

/**
 * The part of a list that a query asks for. An iterator names the row to go on from, and the direction.
 *
 * @throws ValidationError if the page is too long or the iterator is not valid
 */
export function readPageRequest(walk: Walk, isIterator: (text: string) => boolean): PageRequest {
  const { limit = defaultPageLimit } = walk;
  if (limit > maxPageLimit) throw invalidField(['query', 'limit'], `must be at most ${maxPageLimit}`);
  const start: PageStart = walk.iterator === undefined ? { direction: 'forward' } : parseIterator(walk.iterator);
  if (start.iterator !== undefined && !isIterator(start.iterator)) {
    throw invalidField(['query', 'iterator'], 'is not a valid iterator: use one from a list response');
  }
  // A page of none is read as a page of one, which says whether there is more; `toListAnswer` leaves the row out.
  return { limit: Math.max(limit, 1), ...start };
}
