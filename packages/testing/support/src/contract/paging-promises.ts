import fc from 'fast-check';
import { type ListPage, walkBackward, walkForward } from './walk-list.ts';

/** A list, and its rows in display order: at least five. */
export interface PagedList<Row> {
  readonly list: ListPage<Row>;
  readonly keyOf: (row: Row) => string;
  readonly rows: readonly Row[];
  /** The number of page lengths and starts to try. */
  readonly runs?: number;
}

const seed = 20_260_101;

/** What every list promises for its pages. */
export function describePaging<Row>(prepare: () => Promise<PagedList<Row>>): void {
  describe('paging', () => {
    it('finds the whole list in pages of any length, forward', async () => {
      const { list, keyOf, rows, runs = 8 } = await prepare();
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: rows.length + 1 }), async (limit) => {
          expect(await walkForward(list, keyOf, limit)).toEqual(rows);
        }),
        { seed, numRuns: runs },
      );
    });

    it('finds everything before any row in pages of any length, backward and in display order', async () => {
      const { list, keyOf, rows, runs = 8 } = await prepare();
      const anyStart = fc.record({
        at: fc.nat({ max: rows.length - 1 }),
        limit: fc.integer({ min: 1, max: rows.length }),
      });
      await fc.assert(
        fc.asyncProperty(anyStart, async ({ at, limit }) => {
          const start = rows.slice(at, at + 1).map((row) => ({ limit, iterator: keyOf(row) }));
          for (const page of start) expect(await walkBackward(list, keyOf, page)).toEqual(rows.slice(0, at));
        }),
        { seed, numRuns: runs },
      );
    });

    it('returns the previous page when it goes backward from the start of a page', async () => {
      const { list, keyOf, rows } = await prepare();
      const first = await list({ limit: 2, direction: 'forward' });
      const second = await list({ limit: 2, direction: 'forward', iterator: keyOf(lastOf(first.items)) });
      const [start] = second.items;
      const back = await list({ limit: 2, direction: 'backward', ...(start && { iterator: keyOf(start) }) });
      expect(second.items).toEqual(rows.slice(2, 4));
      expect(back).toEqual({ items: rows.slice(0, 2), done: true });
    });

    it('is done on the page with the last row', async () => {
      const { list, rows } = await prepare();
      expect((await list({ limit: rows.length, direction: 'forward' })).done).toBe(true);
      expect((await list({ limit: rows.length - 1, direction: 'forward' })).done).toBe(false);
    });

    it('returns an empty page after the last row, and for a limit of 0', async () => {
      const { list, keyOf, rows } = await prepare();
      const behind = await list({ limit: 2, direction: 'forward', iterator: keyOf(lastOf(rows)) });
      expect(behind).toEqual({ items: [], done: true });
      expect(await list({ limit: 0, direction: 'forward' })).toMatchObject({ items: [], done: false });
    });
  });
}

function lastOf<Row>(rows: readonly Row[]): Row {
  const last = rows.at(-1);
  if (last === undefined) throw new Error('an empty list has no last row');
  return last;
}
