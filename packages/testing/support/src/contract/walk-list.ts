import type { Page, PageRequest } from '@posthorn/core';

/** Lists a page. */
export type ListPage<Row> = (page: PageRequest) => Promise<Page<Row>>;

const maxPages = 200;

/** Walks a list page by page as a caller does, and answers the pages in the order in which they were read. */
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
    if (pages.length === maxPages) throw new Error(`a list that does not end within ${maxPages} pages`);
    const edge = start.direction === 'forward' ? items.at(-1) : items[0];
    const iterator = resumeAt ?? (edge && keyOf(edge));
    if (iterator === undefined) throw new Error('a page that is neither the last nor says where the next begins');
    request = { ...request, iterator };
  }
}

/** Everything that a walk forward finds, in the order in which it is shown. */
export const walkForward = async <Row>(
  list: ListPage<Row>,
  keyOf: (row: Row) => string,
  limit: number,
): Promise<readonly Row[]> => (await walkPages(list, keyOf, { limit, direction: 'forward' })).flat();

/** Everything that a walk backward finds, in the order in which it is shown. */
export const walkBackward = async <Row>(
  list: ListPage<Row>,
  keyOf: (row: Row) => string,
  start: Omit<PageRequest, 'direction'>,
): Promise<readonly Row[]> => (await walkPages(list, keyOf, { ...start, direction: 'backward' })).toReversed().flat();
