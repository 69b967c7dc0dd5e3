import fc from 'fast-check';
import { joinPages } from './join-pages.ts';
import type { ListOrder, Page, PageRequest } from './page.ts';
import { selectPage } from './select-page.ts';

const seed = 20_261_128;
const everything = { limit: 4, direction: 'forward' } as const;

const keyOf = (row: string): string => row;

/** A list of texts as repositories read it; a page may end early. */
const listOf =
  (rows: readonly string[], order: ListOrder, maxRowsRead = 1_000) =>
  async ({ limit, iterator, direction }: PageRequest): Promise<Page<string>> => {
    const ascends = (order === 'ascending') === (direction === 'forward');
    const sorted = rows.toSorted((one, other) => (one < other === ascends ? -1 : 1));
    const ahead = sorted.filter((row) => iterator === undefined || (ascends ? row > iterator : row < iterator));
    const read = ahead.slice(0, Math.min(limit, maxRowsRead));
    const items = direction === 'forward' ? read : read.toReversed();
    const last = read.at(-1);
    const isCut = read.length < limit && read.length < ahead.length;
    return { items, done: read.length === ahead.length, ...(isCut && last !== undefined && { resumeAt: last }) };
  };

/** Everything that is found page by page, in the order of reading. */
async function walk(read: (page: PageRequest) => Promise<Page<string>>, start: PageRequest): Promise<string[]> {
  const found: string[] = [];
  let request = start;
  for (let pages = 0; pages < 200; pages += 1) {
    const { items, done, resumeAt } = await read(request);
    expect(items.length).toBeLessThanOrEqual(start.limit);
    found.push(...(start.direction === 'forward' ? items : items.toReversed()));
    if (done) return found;
    const iterator = resumeAt ?? (start.direction === 'forward' ? items.at(-1) : items[0]);
    if (iterator === undefined) throw new Error('a page has no iterator for the next one');
    request = { ...request, iterator };
  }
  throw new Error('the list does not end');
}

const anyRows = fc.uniqueArray(
  fc.nat({ max: 999 }).map((n) => `k${n + 1_000}`),
  { maxLength: 60, size: 'max' },
);
const anyWalk = {
  limit: fc.integer({ min: 1, max: 9 }),
  direction: fc.constantFrom<PageRequest['direction']>('forward', 'backward'),
  order: fc.constantFrom<ListOrder>('ascending', 'descending'),
  maxRowsRead: fc.integer({ min: 1, max: 20 }),
};
const inOrderOfReading = (rows: readonly string[], order: ListOrder, direction: PageRequest['direction']) =>
  rows.toSorted((one, other) => (one < other === ((order === 'ascending') === (direction === 'forward')) ? -1 : 1));

describe('a page of selected rows', () => {
  it('belongs to a list with every selected row once and in order, whatever is left out', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          rows: anyRows,
          every: fc.integer({ min: 1, max: 9 }),
          maxRows: fc.integer({ min: 1, max: 30 }),
          ...anyWalk,
        }),
        async ({ rows, every, maxRows, limit, direction, order, maxRowsRead }) => {
          const isSelected = (row: string) => Number(row.slice(1)) % every === 0;
          const read = (page: PageRequest) =>
            selectPage(page, {
              list: listOf(rows, order, maxRowsRead),
              keyOf,
              select: async (some) => some.map((row) => (isSelected(row) ? row : undefined)),
              maxRows,
            });
          expect(await walk(read, { limit, direction })).toEqual(
            inOrderOfReading(rows.filter(isSelected), order, direction),
          );
        },
      ),
      { seed, numRuns: 300 },
    ));

  it.each(['forward', 'backward'] as const)(
    'ends where the selection stops, and goes on there: %s',
    async (direction) => {
      const rows = Array.from({ length: 50 }, (_, n) => `k${n + 100}`);
      const lengths: number[] = [];
      const read = async (request: PageRequest) => {
        let left = 7;
        const page = await selectPage(request, {
          list: listOf(rows, 'ascending'),
          keyOf,
          select: async (some) => {
            const looked = some.slice(0, left);
            left -= looked.length;
            return looked.map((row) => (Number(row.slice(1)) % 5 === 0 ? row : undefined));
          },
          maxRows: 30,
        });
        lengths.push(page.items.length);
        return page;
      };
      const expected = inOrderOfReading(
        rows.filter((row) => Number(row.slice(1)) % 5 === 0),
        'ascending',
        direction,
      );
      expect(await walk(read, { limit: 4, direction })).toEqual(expected);
      expect(Math.max(...lengths)).toBe(2);
    },
  );

  it('ends after it has looked at its number of rows, and says where to go on', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => `k${n + 100}`);
    let looked = 0;
    const page = await selectPage(everything, {
      list: listOf(rows, 'ascending'),
      keyOf,
      select: async (some) => {
        looked += some.length;
        return some.map(() => undefined);
      },
      maxRows: 20,
    });
    expect({ page, looked }).toEqual({ page: { items: [], done: false, resumeAt: 'k119' }, looked: 20 });
  });
});

describe('joined pages', () => {
  it('belong to one list with all rows, in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({ rows: anyRows, lists: fc.integer({ min: 1, max: 4 }), ...anyWalk }),
        async ({ rows, lists, limit, direction, order, maxRowsRead }) => {
          const parts = Array.from({ length: lists }, (_, part) =>
            listOf(
              rows.filter((row) => Number(row.slice(1)) % lists === part),
              order,
              maxRowsRead,
            ),
          );
          const read = async (page: PageRequest) =>
            joinPages(await Promise.all(parts.map((list) => list(page))), keyOf, { ...page, order });
          expect(await walk(read, { limit, direction })).toEqual(inOrderOfReading(rows, order, direction));
        },
      ),
      { seed, numRuns: 300 },
    ));

  it('have a row once that is in two lists', () => {
    const page = (...items: readonly string[]) => ({ items, done: true });
    const request = { ...everything, order: 'ascending' } as const;
    expect(joinPages([page('k1', 'k3'), page('k1', 'k2')], keyOf, request)).toEqual(page('k1', 'k2', 'k3'));
  });
});
