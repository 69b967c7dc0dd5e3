import type { Table } from '../schema/table.ts';
import { createBloomFilter } from './bloom-filter.ts';

/**
 * Knows most rows that do not exist, so that LevelDB is not asked for them. Nearly every new item is looked for first. After
 * some hundreds of lookups that found nothing in one table file, LevelDB merges that file into the files below it.
 */
export interface RowFilter {
  /** Whether a table may have a row. False is certain. */
  mayHave(table: Table, row: string): boolean;
  /** Notes a row before it is written. */
  add(row: string): void;
  /** All rows of the table were added. */
  complete(tableId: string): void;
}

/** Enough for 400,000 rows, and for 25 million. */
const firstBytes = 512 * 1_024;
const maxBytes = 32 * 1_024 * 1_024;
const maxPartitions = 10_000;

/**
 * All rows of this process are added, so the filter knows every row that is not older. In a table with a sort key, the
 * older rows of a partition end with its last stored row: most new rows come after it. In other tables, all stored rows
 * have to be added.
 *
 * @param findLast - finds the last stored row that begins with a text, later. It returns an empty text if there is none
 */
export function createRowFilter(findLast: (start: string, found: (row: string) => void) => void): RowFilter {
  const filter = createBloomFilter(firstBytes, maxBytes);
  const complete = new Set<string>();
  /** The last stored row of each partition. Not known yet if undefined. */
  const lastRows = new Map<string, string | undefined>();

  const isAfterStored = (row: string): boolean => {
    const partition = row.slice(0, row.lastIndexOf('/', row.length - 2) + 1);
    const last = lastRows.get(partition);
    if (last !== undefined) return row > last;
    if (lastRows.has(partition)) return false;
    if (lastRows.size >= maxPartitions) lastRows.clear();
    lastRows.set(partition, undefined);
    findLast(partition, (found) => lastRows.set(partition, found));
    return false;
  };
  return {
    mayHave({ id, description }, row) {
      const isKnown = complete.has(id) || (description.KeySchema.length > 1 && isAfterStored(row));
      return !isKnown || filter.mayHave(row);
    },
    add: (row) => filter.add(row),
    complete: (tableId) => complete.add(tableId),
  };
}
