import { createBloomFilter } from './bloom-filter.ts';

/**
 * Knows most rows that do not exist, so that LevelDB is not asked for them. Nearly every new item is looked for first. After
 * some hundreds of lookups that found nothing in one table file, LevelDB merges that file into the files below it.
 */
export interface RowFilter {
  /** Whether a table may have a row. False is certain. */
  mayHave(tableId: string, row: string): boolean;
  /** Notes a row before it is written. */
  add(row: string): void;
  /** All rows of the table were added, so what was not added does not exist. */
  complete(tableId: string): void;
}

/** Enough for 400,000 rows, and for 25 million. */
const firstBytes = 512 * 1_024;
const maxBytes = 32 * 1_024 * 1_024;

export function createRowFilter(): RowFilter {
  const filter = createBloomFilter(firstBytes, maxBytes);
  const complete = new Set<string>();
  return {
    mayHave: (tableId, row) => !complete.has(tableId) || filter.mayHave(row),
    add: (row) => filter.add(row),
    complete: (tableId) => complete.add(tableId),
  };
}
