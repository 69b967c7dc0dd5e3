import type { Change } from '@posthorn/local-storage';
import { isSameItem } from '../expressions/same-item.ts';
import { indexKey, keys } from '../level/keys.ts';
import { type Index, indexesOf, type Table } from '../schema/table.ts';
import type { Item } from '../values.ts';
import type { ItemChange, StreamPlace } from './item-change.ts';
import { itemSize } from './item-size.ts';
import { toStoredRecord } from './stored-record.ts';

/** All rows that a change of an item writes. */
export interface PlannedChange {
  readonly changes: readonly Change[];
  /** Bytes for the capacity of the table, and of each changed index: one number for each row put or deleted. */
  readonly tableBytes: number;
  readonly indexBytes: Readonly<Record<string, readonly number[]>>;
}

/** Plans a write that does not change its item. It writes nothing, but consumes the same capacity of the table. */
export const planNothing = (change: ItemChange): PlannedChange => ({
  changes: [],
  tableBytes: tableBytesOf(change),
  indexBytes: {},
});

const tableBytesOf = ({ old, next }: ItemChange): number =>
  Math.max(old ? itemSize(old) : 0, next ? itemSize(next) : 0);

/** Plans the rows of a change: the item, its index rows, its expiry and its stream record. */
export function planChange(change: ItemChange, place: StreamPlace | undefined): PlannedChange {
  const { table, key, next } = change;
  const rowKey = keys.row(table.id, key);
  const changes: Change[] = [
    next ? { type: 'put', key: rowKey, value: JSON.stringify(next) } : { type: 'del', key: rowKey },
    ...planExpiry(change),
  ];
  const indexBytes: Record<string, readonly number[]> = {};
  for (const index of indexesOf(table)) {
    const rows = planIndex(change, index);
    if (rows.changes.length === 0) continue;
    changes.push(...rows.changes);
    indexBytes[index.name] = rows.bytes;
  }
  if (place) {
    const { stream, shard, sequence } = place;
    const recordKey = keys.record(stream.id, shard, sequence);
    changes.push({ type: 'put', key: recordKey, value: toStoredRecord(change, place) });
    changes.push({ type: 'put', key: keys.lastSequence, value: String(sequence) });
  }
  return { changes, tableBytes: tableBytesOf(change), indexBytes };
}

function planIndex({ table, old, next }: ItemChange, index: Index): { changes: readonly Change[]; bytes: number[] } {
  const before = toIndexRow(old, table, index);
  const after = toIndexRow(next, table, index);
  const isSameRow = before && after && before.key === after.key;
  if (isSameRow && isSameItem(before.item, after.item)) return { changes: [], bytes: [] };
  const changes: Change[] = [];
  const bytes: number[] = [];
  if (before && !isSameRow) {
    changes.push({ type: 'del', key: keys.row(index.id, before.key) });
    bytes.push(itemSize(before.item));
  }
  if (after) {
    changes.push({ type: 'put', key: keys.row(index.id, after.key), value: JSON.stringify(after.item) });
    bytes.push(Math.max(itemSize(after.item), isSameRow ? itemSize(before.item) : 0));
  }
  return { changes, bytes };
}

/** Returns the row of an item in an index, or nothing if the item lacks a key attribute of the index. */
export function toIndexRow(
  item: Item | undefined,
  table: Table,
  index: Index,
): { readonly key: string; readonly item: Item } | undefined {
  const key = item && indexKey(item, table, index);
  if (item === undefined || key === undefined) return undefined;
  const { attributes } = index;
  if (attributes === undefined) return { key, item };
  const projected = attributes.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]] as const]));
  return { key, item: Object.fromEntries(projected) };
}

function planExpiry({ table, key, old, next }: ItemChange): readonly Change[] {
  const [before, after] = [expiryOf(old, table), expiryOf(next, table)];
  if (before === after) return [];
  return [
    ...(before === undefined ? [] : [{ type: 'del', key: keys.expiry(table.id, before, key) } as const]),
    ...(after === undefined ? [] : [{ type: 'put', key: keys.expiry(table.id, after, key), value: '' } as const]),
  ];
}

const latestExpiry = 999_999_999_999;

/** Returns when an item expires in seconds since 1970, or nothing if the attribute is not a valid number. */
export function expiryOf(item: Item | undefined, { timeToLive }: Table): number | undefined {
  const number = timeToLive === undefined ? undefined : item?.[timeToLive]?.N;
  if (number === undefined) return undefined;
  const seconds = Math.floor(Number(number));
  return seconds > 0 && seconds <= latestExpiry ? seconds : undefined;
}
