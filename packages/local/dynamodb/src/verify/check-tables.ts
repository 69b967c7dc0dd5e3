import type { Finding, RowCheck, VerifiedRows } from '@posthorn/local-storage';
import { isSameItem } from '../expressions/same-item.ts';
import { itemKey, keys, ranges, rowKeyOf } from '../level/keys.ts';
import { type Index, indexesOf, type Table } from '../schema/table.ts';
import type { Item } from '../values.ts';
import { expiryOf, toIndexRow } from '../writes/plan-change.ts';

const maxFindings = 100;

/**
 * Checks all tables in a storage: each item is stored under its own key, has its row in each index and in the list of
 * expiries, and no index has another row. Indexes that are being filled are left out.
 *
 * @example
 * await verify('.data', { check: checkTables }); // => { findings: [], rows: 1200 }
 */
export const checkTables: RowCheck = async (rows) => {
  const findings: Finding[] = [];
  for await (const portion of rows.rows(ranges.tables)) {
    // Only the catalogue writes these rows.
    for (const [, text] of portion) findings.push(...(await checkTable(rows, JSON.parse(text) as Table)));
  }
  return findings.slice(0, maxFindings);
};

async function checkTable(rows: VerifiedRows, table: Table): Promise<Finding[]> {
  const findings: Finding[] = [];
  const report = (file: string, problem: string) => {
    if (findings.length < maxFindings) findings.push({ file, problem });
  };
  const { TableName } = table.description;
  const indexes = indexesOf(table).filter(({ name }) => !table.unfinished?.indexes.includes(name));
  const expected = new Map(indexes.map(({ name }) => [name, 0]));
  for await (const portion of rows.rows(ranges.rows(table.id))) {
    for (const [rowKey, text] of portion) {
      const item = parseItem(text);
      const key = rowKeyOf(rowKey);
      if (!item || itemKey(item, table) !== key) report(`${TableName} ${key}`, 'is not an item with this key');
      else
        for (const problem of checkItem({ rows, table, item, key, indexes, expected }))
          report(`${TableName} ${key}`, problem);
    }
  }
  for (const { id, name } of indexes) {
    const count = await countRows(rows, id);
    const wanted = expected.get(name) ?? 0;
    if (count !== wanted) report(`${TableName} index ${name}`, `has ${count} rows, but should have ${wanted}`);
  }
  return findings;
}

interface CheckedItem {
  readonly rows: VerifiedRows;
  readonly table: Table;
  readonly item: Item;
  readonly key: string;
  readonly indexes: readonly Index[];
  /** Rows that each index should have. */
  readonly expected: Map<string, number>;
}

function checkItem({ rows, table, item, key, indexes, expected }: CheckedItem): readonly string[] {
  const problems: string[] = [];
  for (const index of indexes) {
    const row = toIndexRow(item, table, index, key);
    if (!row) continue;
    expected.set(index.name, (expected.get(index.name) ?? 0) + 1);
    const found = parseItem(rows.get(keys.row(index.id, row.key)) ?? '');
    if (!found) problems.push(`is missing in the index ${index.name}`);
    else if (!isSameItem(found, row.item)) problems.push(`is another one in the index ${index.name}`);
  }
  const expiry = table.unfinished?.timeToLive ? undefined : expiryOf(item, table);
  const isListed = expiry === undefined || rows.get(keys.expiry(table.id, expiry, key)) !== undefined;
  return isListed ? problems : [...problems, 'is missing in the list of expiries'];
}

async function countRows(rows: VerifiedRows, id: string): Promise<number> {
  let count = 0;
  for await (const portion of rows.rows(ranges.rows(id))) count += portion.length;
  return count;
}

function parseItem(text: string): Item | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Only the store writes these rows, so an object is an item.
    return typeof value === 'object' && value !== null ? (value as Item) : undefined;
  } catch {
    // Not JSON: the caller reports it.
    return undefined;
  }
}
