import type { ListOrder, Page, PageRequest } from '@posthorn/core';
import { isAscending, isEmptyRange, type KeyRange, rangeBehind } from './key-range.ts';

/** Some rows of a source, in the order of reading. */
export interface Slice<Found> {
  readonly rows: readonly Found[];
  /** The number of rows that were read to find these. */
  readonly rowsRead: number;
  /** The last key that was read. Absent if the range has no more rows. */
  readonly reached?: string;
}

/** Reads at most `limit` rows of a range, and returns those that match. */
export type ReadSlice<Found> = (
  range: KeyRange,
  walk: { readonly ascends: boolean; readonly limit: number },
) => Promise<Slice<Found>>;

/** One list that is stored in several places. Each place is sorted by the same kind of key. */
export interface ListSources<Found> {
  readonly sources: readonly ReadSlice<Found>[];
  readonly range: KeyRange;
  readonly keyOf: (row: Found) => string;
}

/** A page ends early after it has read this many rows, so that a filter with few matches does not read everything. */
export const defaultMaxRowsRead = 2_000;

const maxSliceRows = 250;
const rowsAhead = 2;

interface Cursor<Found> {
  readonly read: ReadSlice<Found>;
  rows: readonly Found[];
  rest: KeyRange | undefined;
  reached: string | undefined;
  sliceRows: number;
}

/** Reads a page of a list, merged from its sources in small slices. Sources without rows left are read in parallel. */
export async function readPage<Found>(
  list: ListSources<Found>,
  page: PageRequest & { readonly order: ListOrder; readonly maxRowsRead: number },
): Promise<Page<Found>> {
  const ascends = isAscending(page.order, page.direction);
  const range = page.iterator === undefined ? list.range : rangeBehind(list.range, page.iterator, ascends);
  if (isEmptyRange(range)) return { items: [], done: true };
  const walked = await walk({ ...list, range, ascends, limit: page.limit, maxRowsRead: page.maxRowsRead });
  return page.direction === 'forward' ? walked : { ...walked, items: walked.items.toReversed() };
}

interface Walk<Found> extends ListSources<Found> {
  readonly ascends: boolean;
  readonly limit: number;
  readonly maxRowsRead: number;
}

async function walk<Found>(list: Walk<Found>): Promise<Page<Found>> {
  const cursors = startCursors(list);
  const found: Found[] = [];
  let rowsRead = 0;
  while (found.length <= list.limit) {
    const dry = cursors.filter(({ rows, rest }) => rows.length === 0 && rest);
    if (dry.length > 0 && rowsRead >= list.maxRowsRead) return cutShort(list, found, cursors);
    const counts = await Promise.all(dry.map((cursor) => refill(cursor, list.ascends)));
    rowsRead += counts.reduce((sum, count) => sum + count, 0);
    if (cursors.some(({ rows, rest }) => rows.length === 0 && rest)) continue;
    const next = takeFirst(list, cursors);
    if (next === undefined) return { items: found, done: true };
    found.push(next);
  }
  return { items: found.slice(0, list.limit), done: false };
}

function startCursors<Found>({ sources, range, limit }: Walk<Found>): Cursor<Found>[] {
  const share = Math.ceil((limit + 1) / sources.length);
  const sliceRows = Math.min(sources.length === 1 ? share : share * 2 + rowsAhead, maxSliceRows + 1);
  return sources.map((read) => ({ read, rows: [], rest: range, reached: undefined, sliceRows }));
}

async function refill<Found>(cursor: Cursor<Found>, ascends: boolean): Promise<number> {
  if (!cursor.rest) return 0;
  const slice = await cursor.read(cursor.rest, { ascends, limit: cursor.sliceRows });
  const rest = slice.reached === undefined ? undefined : rangeBehind(cursor.rest, slice.reached, ascends);
  cursor.rows = slice.rows;
  cursor.reached = slice.reached;
  cursor.rest = rest && !isEmptyRange(rest) ? rest : undefined;
  cursor.sliceRows = Math.min(cursor.sliceRows * 2, maxSliceRows);
  return slice.rowsRead;
}

function takeFirst<Found>(list: Walk<Found>, cursors: readonly Cursor<Found>[]): Found | undefined {
  const isFirst = isBefore(list.ascends);
  let first: { readonly cursor: Cursor<Found>; readonly row: Found } | undefined;
  for (const cursor of cursors) {
    const [row] = cursor.rows;
    if (row === undefined) continue;
    if (!first || isFirst(list.keyOf(row), list.keyOf(first.row))) first = { cursor, row };
  }
  if (first) first.cursor.rows = first.cursor.rows.slice(1);
  return first?.row;
}

/** Ends the page at the earliest point that an unfinished source has reached: every source was read up to there. */
function cutShort<Found>(list: Walk<Found>, found: readonly Found[], cursors: readonly Cursor<Found>[]): Page<Found> {
  const goesBefore = isBefore(list.ascends);
  const byKey = (one: string, other: string) => (goesBefore(one, other) ? -1 : 1);
  const [resumeAt] = cursors.flatMap(({ rest, reached }) => (rest ? (reached ?? []) : [])).sort(byKey);
  if (resumeAt === undefined) throw new Error('a page was cut short before its sources were read once');
  const covered = cursors
    .flatMap(({ rows }) => rows)
    .filter((row) => !goesBefore(resumeAt, list.keyOf(row)))
    .sort((one, other) => byKey(list.keyOf(one), list.keyOf(other)));
  const items = [...found, ...covered];
  return items.length > list.limit
    ? { items: items.slice(0, list.limit), done: false }
    : { items, done: false, resumeAt };
}

const isBefore =
  (ascends: boolean) =>
  (one: string, other: string): boolean =>
    ascends ? one < other : one > other;
