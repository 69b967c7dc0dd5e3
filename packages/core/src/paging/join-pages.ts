import type { ListOrder, Page, PageRequest } from './page.ts';

/**
 * Joins pages of lists that are sorted by the same kind of key, each of which was read with this request, to one page of
 * all of them. If lists have rows with the same key, the first list's row is taken.
 */
export function joinPages<Row>(
  pages: readonly Page<Row>[],
  keyOf: (row: Row) => string,
  { limit, direction, order }: Pick<PageRequest, 'limit' | 'direction'> & { readonly order: ListOrder },
): Page<Row> {
  const isForward = direction === 'forward';
  const ascends = (order === 'ascending') === isForward;
  const goesBefore = (one: string, other: string): boolean => (ascends ? one < other : one > other);
  const byKey = (one: string, other: string): number => (one === other ? 0 : goesBefore(one, other) ? -1 : 1);
  // All lists were read up to here. What one of them has behind it is read with the next page.
  const [reached] = pages.flatMap((page) => (page.done ? [] : [endOf(page, keyOf, isForward)])).toSorted(byKey);
  const rows = firstOfEachKey(pages, keyOf)
    .filter((row) => reached === undefined || !goesBefore(reached, keyOf(row)))
    .toSorted((one, other) => byKey(keyOf(one), keyOf(other)));
  const kept = rows.slice(0, limit);
  const items = isForward ? kept : kept.toReversed();
  if (rows.length > limit) return { items, done: false };
  if (reached === undefined) return { items, done: true };
  const last = kept.at(-1);
  return last !== undefined && keyOf(last) === reached
    ? { items, done: false }
    : { items, done: false, resumeAt: reached };
}

function firstOfEachKey<Row>(pages: readonly Page<Row>[], keyOf: (row: Row) => string): readonly Row[] {
  const byKey = new Map<string, Row>();
  for (const row of pages.flatMap(({ items }) => items)) if (!byKey.has(keyOf(row))) byKey.set(keyOf(row), row);
  return [...byKey.values()];
}

function endOf<Row>({ items, resumeAt }: Page<Row>, keyOf: (row: Row) => string, isForward: boolean): string {
  const last = isForward ? items.at(-1) : items[0];
  if (resumeAt !== undefined) return resumeAt;
  if (last === undefined) throw new Error('a page is not the last one, but has no iterator for the next one');
  return keyOf(last);
}
