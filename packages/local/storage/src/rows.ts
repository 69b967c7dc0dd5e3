import type { HealingFolder } from './folder/healing-folder.ts';
import type { Range, Row, Storage } from './types.ts';

const firstPortion = 64;
const portion = 512;

type Source = Pick<HealingFolder, 'level' | 'readable'>;

/** Reads the rows of a range in portions. If LevelDB is closed in between, it goes on after the last row. */
export const readRows = (store: Source, range: Range): AsyncIterable<readonly Row[]> =>
  readPortions(store, range, true);

/** The same, without the values. */
export async function* readKeys(store: Source, range: Range): AsyncIterable<readonly string[]> {
  for await (const rows of readPortions(store, range, false)) yield rows.map(([key]) => key);
}

async function* readPortions(store: Source, range: Range, values: boolean): AsyncIterable<readonly Row[]> {
  let rest: Range = { ...range };
  for (;;) {
    await store.readable();
    const level = store.level();
    const iterator = level.iterator({ ...rest, values });
    try {
      for (let size = firstPortion; ; size = portion) {
        const rows = await iterator.nextv(size);
        if (rows.length === 0) return;
        yield rows;
        rest = afterRow(rest, rows);
      }
    } catch (error) {
      // The iterator is closed together with LevelDB.
      if (level.status === 'open') throw error;
    } finally {
      await iterator.close();
    }
  }
}

function afterRow({ gt, gte, lt, lte, reverse, limit }: Range, rows: readonly Row[]): Range {
  const last = rows.at(-1)?.[0] ?? '';
  const lower = gt === undefined ? gte !== undefined && { gte } : { gt };
  const upper = lt === undefined ? lte !== undefined && { lte } : { lt };
  return {
    ...(reverse ? { ...lower, lt: last, reverse } : { ...upper, gt: last }),
    ...(limit !== undefined && { limit: limit - rows.length }),
  };
}

/** Deletes the rows of a range, in the order of all other changes. */
export async function clearRange(storage: Pick<Storage, 'rows' | 'commit'>, range: Range): Promise<void> {
  for await (const rows of storage.rows(range)) {
    await storage.commit(rows.map(([key]) => ({ type: 'del', key })));
  }
}
