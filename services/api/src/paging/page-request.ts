import { defaultPageLimit, type ListQuery, maxPageLimit } from '@posthorn/contracts/api/paging';
import { type PageRequest, parseIterator } from '@posthorn/core';
import { invalidField } from '../http/refusals.ts';

type PageStart = Omit<PageRequest, 'limit'>;

/**
 * The page that a query asks for. An iterator names the row to continue from, and the direction.
 *
 * @throws ValidationError if the length of the page is out of range, or the iterator is not valid
 */
export function readPageRequest(query: ListQuery, isIterator: (text: string) => boolean): PageRequest {
  const { limit = defaultPageLimit } = query;
  if (limit < 1 || limit > maxPageLimit) throw invalidField(['query', 'limit'], `must be 1 to ${maxPageLimit}`);
  const start: PageStart = query.iterator === undefined ? { direction: 'forward' } : parseIterator(query.iterator);
  if (start.iterator !== undefined && !isIterator(start.iterator)) {
    throw invalidField(['query', 'iterator'], 'is not a valid iterator: use one from a list response');
  }
  return { limit, ...start };
}
