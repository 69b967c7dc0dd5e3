import db from 'dynalite/db/index.js';
import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { type DocumentPath, projectItem } from '../expressions/document-path.ts';
import { itemSize } from '../items/item-size.ts';
import { itemKey, keys } from '../level/keys.ts';
import { setMember, withoutInherited } from '../members.ts';
import { isPlainKeyOf } from '../schema/key-attributes.ts';
import type { Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import type { Body, Item } from '../values.ts';
import { readUnits, toConsumedCapacity, wantsCapacity } from '../writes/capacity.ts';
import { refuse } from '../writes/evaluate.ts';

/** Returns the paths that a request projects, or nothing if it asks for whole items. */
export function pathsOf(request: CheckedRequest): readonly DocumentPath[] | undefined {
  // `_projection` is the parsed expression; the older form is a list of names.
  const paths = (request._projection as { readonly paths: readonly DocumentPath[] } | undefined)?.paths;
  return paths ?? (request.AttributesToGet as readonly string[] | undefined)?.map((name): DocumentPath => [name]);
}

/** Returns the projection of an item. */
export function project(request: CheckedRequest, item: Item): Item {
  const paths = pathsOf(request);
  return paths === undefined ? item : projectItem(item, paths);
}

/** Checks the key and the projection against the table, and returns the durable item. */
export function findItem(state: State, request: CheckedRequest): { table: Table; item: Item | undefined } {
  const table = state.catalogue.get(request.TableName);
  // Checked by the operation's types.
  const key = request.Key as Item;
  if (!isPlainKeyOf(key, table)) refuse(db.validateKey(withoutInherited(key), table.description));
  const { nestedPaths } = (request._projection as { readonly nestedPaths?: unknown } | undefined) ?? {};
  if (nestedPaths !== undefined) refuse(db.validateKeyPaths(nestedPaths, table.description));
  return { table, item: readDurable(state, table, keys.row(table.id, itemKey(key, table))) };
}

/** Returns the durable item. Nobody may modify it. */
function readDurable({ storage, rows, filter }: State, table: Table, row: string): Item | undefined {
  if (!filter.mayHave(table, row)) return undefined;
  const known = rows.find(row);
  if (known) return known.item;
  const text = storage.get(row);
  // Only `planChange` writes these rows.
  const item = text === undefined ? undefined : (JSON.parse(text) as Item);
  if (text !== undefined) rows.keep(row, item, text.length);
  return item;
}

export async function getItem(state: State, request: CheckedRequest): Promise<Body> {
  const { table, item } = findItem(state, request);
  return {
    ...(item && { Item: project(request, item) }),
    ...(wantsCapacity(request) && {
      ConsumedCapacity: toConsumedCapacity(request, table, {
        table: readUnits(item ? itemSize(item) : 0, request.ConsistentRead === true),
        indexes: {},
      }),
    }),
  };
}

/** The most bytes in one response of BatchGetItem. */
const maxBatchBytes = 16 * 1_024 * 1_024;

type KeysAndAttributes = Readonly<Record<string, unknown>> & { readonly Keys: readonly Item[] };

/** Returns up to 100 items. Keys beyond 16 MB are returned as unprocessed. */
export async function batchGetItem(state: State, request: CheckedRequest): Promise<Body> {
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, Body> = {};
  const capacities: Body[] = [];
  let bytes = 0;
  // Checked by the operation's types.
  for (const [TableName, asked] of Object.entries(request.RequestItems as Record<string, KeysAndAttributes>)) {
    const found: Item[] = [];
    const unprocessed: Item[] = [];
    let units = 0;
    for (const Key of asked.Keys) {
      const { item } = findItem(state, { ...asked, TableName, Key });
      const size = item ? itemSize(item) : 0;
      if (bytes + size > maxBatchBytes) {
        unprocessed.push(Key);
        continue;
      }
      bytes += size;
      units += readUnits(size, asked.ConsistentRead === true);
      if (item) found.push(project(asked, item));
    }
    setMember(Responses, TableName, found);
    if (unprocessed.length > 0) setMember(UnprocessedKeys, TableName, toUnprocessed(asked, unprocessed));
    capacities.push(toConsumedCapacity(request, state.catalogue.get(TableName), { table: units, indexes: {} }));
  }
  return { Responses, UnprocessedKeys, ...(wantsCapacity(request) && { ConsumedCapacity: capacities }) };
}

/** Returns the request for the remaining keys, without its parsed expressions. */
const toUnprocessed = (asked: KeysAndAttributes, Keys: readonly Item[]): Body => ({
  ...Object.fromEntries(Object.entries(asked).filter(([name]) => !name.startsWith('_'))),
  Keys,
});
