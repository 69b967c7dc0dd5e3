import { defaultPageLimit, maxPageLimit } from '@posthorn/contracts/api/paging';
import type { PageRequest } from '@posthorn/core';
import { invalidField } from '../http/read-body.ts';

export interface Walk {
  readonly limit?: number | undefined;
  readonly iterator?: string | undefined;
}

/**
 * The part of a list that a query asks for. An iterator is an id to go on behind, with a minus to go back.
 *
 * @throws ValidationError for a page that is too long or an iterator that is none
 */
export function readPageRequest(walk: Walk, isIterator: (text: string) => boolean): PageRequest {
  const { limit = defaultPageLimit } = walk;
  if (limit > maxPageLimit) throw invalidField(['query', 'limit'], `must be at most ${maxPageLimit}`);
  const direction = walk.iterator?.startsWith('-') ? 'backward' : 'forward';
  const iterator = direction === 'backward' ? walk.iterator?.slice(1) : walk.iterator;
  if (iterator !== undefined && !isIterator(iterator)) throw invalidField(['query', 'iterator'], 'must be an iterator');
  // A page of none is read as a page of one, which says whether there is more; `toListAnswer` leaves the row out.
  return { limit: Math.max(limit, 1), direction, ...(iterator === undefined ? {} : { iterator }) };
}
