import db from 'dynalite/db/index.js';
import type { Index, Table } from '../schema/table.ts';
import type { AttributeValue, Item } from '../values.ts';
import type { Range } from './storage.ts';

/** Comes after every character that keys are made of. */
const last = '~';

const idLength = 6;
const sequenceLength = 16;
const secondsLength = 12;
const millisecondsLength = 15;

const padded = (value: number, length: number): string => String(value).padStart(length, '0');

/** An id of a table, index or stream, from a number that is never used again. */
export const toId = (number: number): string => padded(number, idLength);

/** The first letter of a key says what the row is. */
export const keys = {
  format: 'm/format',
  /** The highest number of a table, index or stream so far. */
  lastId: 'm/lastId',
  lastSequence: 'm/lastSequence',
  table: (name: string): string => `t/${name}`,
  stream: (streamId: string): string => `s/${streamId}`,
  /** Says that rows of a table or index which is gone may be left. */
  leftover: (id: string): string => `l/${id}`,
  row: (id: string, key: string): string => `r/${id}/${key}`,
  record: (streamId: string, shard: number, sequence: number): string =>
    `c/${streamId}/${padded(shard, idLength)}/${padded(sequence, sequenceLength)}`,
  /** The highest number of a shard's records that were removed for their age. */
  trimmed: (streamId: string, shard: number): string => `h/${streamId}/${padded(shard, idLength)}`,
  expiry: (tableId: string, seconds: number, key: string): string =>
    `e/${tableId}/${padded(seconds, secondsLength)}/${key}`,
  token: (token: string): string => `k/${token}`,
  tokenExpiry: (at: number, token: string): string => `x/${padded(at, millisecondsLength)}/${token}`,
};

const under = (prefix: string): Range => ({ gte: prefix, lt: `${prefix}${last}` });

export const ranges = {
  tables: under('t/'),
  streams: under('s/'),
  leftovers: under('l/'),
  rows: (id: string): Range => under(`r/${id}/`),
  /** A range of keys within a table or index. */
  rowsWithin: (id: string, { gt, gte, lt, lte, reverse }: Range): Range => ({
    ...(gt === undefined ? { gte: keys.row(id, gte ?? '') } : { gt: keys.row(id, gt) }),
    ...(lte === undefined ? { lt: keys.row(id, lt ?? last) } : { lte: keys.row(id, lte) }),
    ...(reverse === undefined ? {} : { reverse }),
  }),
  records: (streamId: string): Range => under(`c/${streamId}/`),
  trimMarks: (streamId: string): Range => under(`h/${streamId}/`),
  recordsFrom: (streamId: string, shard: number, sequence: number): Range => ({
    gte: keys.record(streamId, shard, sequence),
    lt: `c/${streamId}/${padded(shard, idLength)}/${last}`,
  }),
  expiries: (tableId: string): Range => under(`e/${tableId}/`),
  expired: (tableId: string, from: number, to: number): Range => ({
    gte: keys.expiry(tableId, from, ''),
    lt: keys.expiry(tableId, to, ''),
  }),
  expiredTokens: (now: number): Range => ({ gte: keys.tokenExpiry(0, ''), lt: keys.tokenExpiry(now, '') }),
};

/** What the keys of rows are about: an item's key within its table, a token, an id. */
export const rowKeyOf = (key: string): string => key.slice('r/'.length + idLength + 1);
export const expiredKeyOf = (key: string): string => key.slice('e/'.length + idLength + 1 + secondsLength + 1);
/** The number of a stream record. */
export const sequenceOf = (key: string): number => Number(key.slice(key.lastIndexOf('/') + 1));
export const tokenOf = (key: string): string => key.slice('x/'.length + millisecondsLength + 1);
export const leftoverIdOf = (key: string): string => key.slice('l/'.length);

/**
 * An item's key within its table, in dynalite's form: a hash, then partition and sort key such that text order is their
 * order. Walking over all of them goes partition by partition.
 */
export const itemKey = (item: Item, { description }: Table): string => db.createKey(item, description);

/** An item's key within an index, or nothing when it has not all of the index's attributes, of their types. */
export function indexKey(item: Item, table: Table, { schema }: Index): string | undefined {
  if (!schema.every(({ AttributeName }) => fitsIndex(item[AttributeName], table, AttributeName))) return undefined;
  return `${db.createKey(item, table.description, schema)}${itemKey(item, table)}`;
}

/** Items that were there before their index may hold anything in its attributes. */
function fitsIndex(value: AttributeValue | undefined, { description }: Table, name: string): boolean {
  const type = description.AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  const key = type === undefined ? undefined : value?.[type];
  return key !== undefined && key !== '';
}

const hashLength = 6;

/** Where an item's partition lies among all of them, from 0 to below 1. */
export const partitionPlace = (itemKeyText: string): number =>
  Number.parseInt(itemKeyText.slice(0, hashLength), 16) / 16 ** hashLength;
