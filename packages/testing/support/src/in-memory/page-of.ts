import {
  directionOf,
  type IdKind,
  idRangeOf,
  type ListOrder,
  type Page,
  type PageRequest,
  type TimeWindow,
} from '@posthorn/core';

/** A page of rows, sorted by the text that `keyOf` returns. The rows can be in any order. */
export function pageOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  { limit, iterator, direction, order }: PageRequest & { readonly order: ListOrder },
): Page<Row> {
  const ascends = (order === 'ascending') === (direction === 'forward');
  const isAhead = (key: string) => iterator === undefined || (ascends ? key > iterator : key < iterator);
  const ahead = rows
    .filter((row) => isAhead(keyOf(row)))
    .sort((one, other) => (keyOf(one) < keyOf(other) === ascends ? -1 : 1));
  const items = ahead.slice(0, limit);
  return { items: direction === 'forward' ? items : items.toReversed(), done: ahead.length <= limit };
}

/** A page of rows with ids of this kind, newest first, within the query's time window. */
export function windowPageOf<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  { kind, query, now }: { readonly kind: IdKind; readonly query: PageRequest & TimeWindow; readonly now: Date },
): Page<Row> {
  const { from, before } = idRangeOf(kind, query, now);
  const inWindow = rows.filter((row) => idOf(row) >= from && idOf(row) < before);
  return pageOf(inWindow, idOf, { ...query, direction: directionOf(query), order: 'descending' });
}
