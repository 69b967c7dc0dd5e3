import type { Page, PageRequest } from '@posthorn/core';

/** Lists one page. */
export type ListPage<Row> = (page: PageRequest) => Promise<Page<Row>>;

const maxPages = 200;

/** Reads a list page by page as a caller does, and returns the pages in the order of reading. */
export async function walkPages<Row>(
  list: ListPage<Row>,
  keyOf: (row: Row) => string,
  start: PageRequest,
): Promise<readonly (readonly Row[])[]> {
  const pages: (readonly Row[])[] = [];
  let request = start;
  for (;;) {
    const { items, done, resumeAt } = await list(request);
    pages.push(items);
    if (done) return pages;
    if (pages.length === maxPages) throw new Error(`the list does not end within ${maxPages} pages`);
    const edge = start.direction === 'forward' ? items.at(-1) : items[0];
    const iterator = resumeAt ?? (edge && keyOf(edge));
    if (iterator === undefined) throw new Error('a page is not the last one, but has no iterator for the next one');
    request = { ...request, iterator };
  }
}

/** Everything that reading forward finds, in display order. */
export const walkForward = async <Row>(
  list: ListPage<Row>,
  keyOf: (row: Row) => string,
  limit: number,
): Promise<readonly Row[]> => (await walkPages(list, keyOf, { limit, direction: 'forward' })).flat();

/** Everything that reading backward finds, in display order. */
export const walkBackward = async <Row>(
  list: ListPage<Row>,
  keyOf: (row: Row) => string,
  start: Omit<PageRequest, 'direction'>,
): Promise<readonly Row[]> => (await walkPages(list, keyOf, { ...start, direction: 'backward' })).toReversed().flat();
