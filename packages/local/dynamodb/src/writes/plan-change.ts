import type { Change } from '@posthorn/local-storage';
import { isSameItem } from '../expressions/same-item.ts';
import { itemSize } from '../items/item-size.ts';
import { indexKey, keys } from '../level/keys.ts';
import { memberOf, setMember } from '../members.ts';
import { type Index, indexesOf, type Table } from '../schema/table.ts';
import type { AttributeValue, Item } from '../values.ts';
import { type ItemChange, type StreamPlace, sizeOfNext, sizeOfOld } from './item-change.ts';
import { type PlannedRecord, planRecord } from './stream-record.ts';

/** All rows that a change of an item writes. */
export interface PlannedChange {
  readonly changes: readonly Change[];
  /** The stream record, if the table has a stream. */
  readonly record?: PlannedRecord;
  /** Returns the bytes for the capacity of the table. */
  readonly tableBytes: () => number;
  /** Returns the bytes for the capacity of each changed index: one number for each row put or deleted. */
  readonly indexBytes: () => Readonly<Record<string, readonly number[]>>;
}

/** Plans a write that does not change its item. It writes nothing, but consumes the same capacity of the table. */
export const planNothing = (change: ItemChange): PlannedChange => ({
  changes: [],
  tableBytes: () => tableBytesOf(change),
  indexBytes: () => ({}),
});

const tableBytesOf = (change: ItemChange): number => Math.max(sizeOfOld(change), sizeOfNext(change));

/** Plans the rows of a change: the item, its index rows, its expiry and its stream record. */
export function planChange(change: ItemChange, place: StreamPlace | undefined): PlannedChange {
  const { table, key, next } = change;
  const rowKey = keys.row(table.id, key);
  const text = next && JSON.stringify(next);
  const changes: Change[] = [
    text === undefined ? { type: 'del', key: rowKey } : { type: 'put', key: rowKey, value: text },
  ];
  planExpiry(change, changes);
  const indexes = indexesOf(table).map((index) => ({ index, rows: planIndex(change, index) }));
  for (const { rows } of indexes) changes.push(...rows.changes);
  const record = place && planRecord(change, place, text);
  if (place && record) {
    const { stream, shard, sequence } = place;
    changes.push({ type: 'put', key: keys.record(stream.id, shard, sequence), value: record.text });
  }
  return {
    changes,
    ...(record && { record }),
    tableBytes: () => tableBytesOf(change),
    indexBytes: () =>
      Object.fromEntries(
        indexes.flatMap(({ index, rows }) => (rows.changes.length > 0 ? [[index.name, rows.bytes()]] : [])),
      ),
  };
}

interface PlannedRows {
  readonly changes: readonly Change[];
  readonly bytes: () => readonly number[];
}

const noRows: PlannedRows = { changes: [], bytes: () => [] };

function planIndex({ table, key, old, next }: ItemChange, index: Index): PlannedRows {
  const before = toIndexRow(old, table, index, key);
  const after = toIndexRow(next, table, index, key);
  const isSameRow = before && after && before.key === after.key;
  if (isSameRow ? isSameItem(before.item, after.item) : !before && !after) return noRows;
  const changes: Change[] = [];
  const isGone = before && !isSameRow;
  if (isGone) changes.push({ type: 'del', key: keys.row(index.id, before.key) });
  if (after) changes.push({ type: 'put', key: keys.row(index.id, after.key), value: JSON.stringify(after.item) });
  const bytes = () => [
    ...(isGone ? [itemSize(before.item)] : []),
    ...(after ? [Math.max(itemSize(after.item), isSameRow ? itemSize(before.item) : 0)] : []),
  ];
  return { changes, bytes };
}

/** Returns the row of an item in an index, or nothing if the item lacks a key attribute of the index. */
export function toIndexRow(
  item: Item | undefined,
  table: Table,
  index: Index,
  ownKey?: string,
): { readonly key: string; readonly item: Item } | undefined {
  const key = item && indexKey(item, table, index, ownKey);
  if (item === undefined || key === undefined) return undefined;
  const { attributes } = index;
  if (attributes === undefined) return { key, item };
  const projected: Record<string, AttributeValue> = {};
  for (const name of attributes) {
    const value = memberOf(item, name);
    if (value !== undefined) setMember(projected, name, value);
  }
  return { key, item: projected };
}

function planExpiry({ table, key, old, next }: ItemChange, changes: Change[]): void {
  const [before, after] = [expiryOf(old, table), expiryOf(next, table)];
  if (before === after) return;
  if (before !== undefined) changes.push({ type: 'del', key: keys.expiry(table.id, before, key) });
  if (after !== undefined) changes.push({ type: 'put', key: keys.expiry(table.id, after, key), value: '' });
}

const latestExpiry = 999_999_999_999;

/** Returns when an item expires in seconds since 1970, or nothing if the attribute is not a valid number. */
export function expiryOf(item: Item | undefined, { timeToLive }: Table): number | undefined {
  const number = timeToLive === undefined ? undefined : item?.[timeToLive]?.N;
  if (number === undefined) return undefined;
  const seconds = Math.floor(Number(number));
  return seconds > 0 && seconds <= latestExpiry ? seconds : undefined;
}
