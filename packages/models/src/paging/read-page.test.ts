import type { ListOrder, PageRequest } from '@posthorn/core';
import { walkPages } from '@posthorn/testing/contract/walk-list';
import fc from 'fast-check';
import { isAscending } from './key-range.ts';
import { type ListSources, type ReadSlice, readPage } from './read-page.ts';

const seed = 20_260_101;
const everything = { from: 'k', to: 'k~' };

interface TestRow {
  readonly key: string;
  readonly matches: boolean;
}

/** Reads rows as DynamoDB does: at most `limit` rows of the range. Returns those that match, and the last key read. */
const sourceOf =
  (rows: readonly TestRow[]): ReadSlice<TestRow> =>
  async ({ from, to }, { ascends, limit }) => {
    const ahead = rows
      .filter(({ key }) => key >= from && key <= to)
      .sort((one, other) => (one.key < other.key === ascends ? -1 : 1));
    const read = ahead.slice(0, limit);
    const last = read.length === limit ? read.at(-1) : undefined;
    return { rows: read.filter(({ matches }) => matches), rowsRead: read.length, ...(last && { reached: last.key }) };
  };

const listOf = (sources: readonly (readonly TestRow[])[]): ListSources<TestRow> => ({
  sources: sources.map(sourceOf),
  range: everything,
  keyOf: ({ key }) => key,
});

/** Few of the rows match, and some sources have far more rows than others. */
const anyRow = fc.record({
  source: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat({ max: 4 }) }),
  matches: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const anyList = fc.array(anyRow, { maxLength: 200, size: 'max' }).map((placed) => {
  const rows = placed.map(({ source, matches }, n) => ({ source, row: { key: `k${n + 100}`, matches } }));
  const sources = [0, 1, 2, 3, 4].map((source) => rows.filter((row) => row.source === source).map(({ row }) => row));
  return { rows: rows.map(({ row }) => row), sources };
});

it('finds every match once and in order, for every placement of rows and every limit of reads', () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        list: anyList,
        order: fc.constantFrom<ListOrder>('ascending', 'descending'),
        direction: fc.constantFrom<PageRequest['direction']>('forward', 'backward'),
        limit: fc.integer({ min: 1, max: 12 }),
        maxRowsRead: fc.integer({ min: 1, max: 40 }),
      }),
      async ({ list, order, direction, limit, maxRowsRead }) => {
        const read = (page: PageRequest) => readPage(listOf(list.sources), { ...page, order, maxRowsRead });
        const pages = await walkPages(read, ({ key }) => key, { limit, direction });
        const walked = direction === 'forward' ? pages.flat() : pages.toReversed().flat();
        const matching = list.rows.filter(({ matches }) => matches);
        expect(walked).toEqual(isAscending(order, 'forward') ? matching : matching.toReversed());
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
      },
    ),
    { seed, numRuns: 300 },
  ));

it('ends a page early when too few rows match, and says where to go on', async () => {
  const rows = Array.from({ length: 500 }, (_, n) => ({ key: `k${n + 100}`, matches: n === 499 }));
  const page = { limit: 10, direction: 'forward', order: 'ascending', maxRowsRead: 100 } as const;
  const first = await readPage(listOf([rows]), page);
  expect(first).toMatchObject({ items: [], done: false });
  expect(first.resumeAt !== undefined && first.resumeAt >= 'k199').toBe(true);
});
