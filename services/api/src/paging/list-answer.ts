import type { ListAnswer } from '@posthorn/contracts/api/paging';
import type { Page, PageRequest } from '@posthorn/core';
import type { Walk } from './page-request.ts';

interface Listing<Item, Row> {
  readonly walk: Walk;
  readonly direction: PageRequest['direction'];
  readonly page: Page<Item>;
  readonly idOf: (item: Item) => string;
  readonly toRow: (item: Item) => Row;
}

/**
 * A page as every list answers it: `iterator` goes on behind the last row, `prevIterator` goes back before the first.
 * A page may be short, even empty, while the list goes on.
 */
export function toListAnswer<Item, Row>({ walk, direction, page, idOf, toRow }: Listing<Item, Row>): ListAnswer<Row> {
  const { items, resumeAt } = page;
  if (walk.limit === 0) return { data: [], iterator: null, done: items.length === 0 };
  const [first, last] = [items[0], items.at(-1)];
  const ends = { first: first && idOf(first), last: last && idOf(last) };
  const next = direction === 'forward' ? (resumeAt ?? ends.last) : ends.last;
  const previous = direction === 'backward' ? (resumeAt ?? ends.first) : ends.first;
  return {
    data: items.map(toRow),
    iterator: next ?? null,
    ...(previous === undefined ? {} : { prevIterator: `-${previous}` }),
    done: page.done,
  };
}

/** The answer of a list that nothing can be in. */
export const emptyList: ListAnswer<never> = { data: [], iterator: null, done: true };
