import db from 'dynalite/db/index.js';
import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { type KeyRange, planRead } from '../dynalite/plan-read.ts';
import { type Condition, meets } from '../expressions/condition.ts';
import { validationFailure } from '../failure.ts';
import { itemSize } from '../items/item-size.ts';
import { indexKey, itemKey, keys, ranges } from '../level/keys.ts';
import { withoutInherited } from '../members.ts';
import { type Index, indexesOf, keyNamesOf, type Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import type { AttributeValue, Body, Item } from '../values.ts';
import { readUnits, toConsumedCapacity, wantsCapacity } from '../writes/capacity.ts';
import { refuseEmptyKey } from '../writes/evaluate.ts';
import { pathsOf, project } from './read-items.ts';

/** The most bytes that one page reads. */
const maxPageBytes = 1_024 * 1_024;

export const query = (state: State, request: CheckedRequest): Promise<Body> => readPage(state, request, 'Query');
export const scan = (state: State, request: CheckedRequest): Promise<Body> => readPage(state, request, 'Scan');

async function readPage(state: State, request: CheckedRequest, operation: 'Query' | 'Scan'): Promise<Body> {
  const table = state.catalogue.get(request.TableName);
  const range = planRead(operation, table.description, request);
  const index = indexesOf(table).find(({ name }) => name === request.IndexName);
  checkSelection(request, index);
  checkKeys(request, table, index);
  const page = await collect(state, request, { table, index, range: fromStart(range, { table, index, request }) });
  // For a local index, attributes that are not projected are read from the table.
  const isFetched = index?.attributes !== undefined && wantsMore(request, index.attributes);
  const items = isFetched ? page.items.map((item) => fetchWhole(state, table, item)) : page.items;
  const matching = items.filter((item) => matches(request, item));
  return {
    Count: matching.length,
    ScannedCount: page.items.length,
    ...(request.Select === 'COUNT' ? {} : { Items: matching.map((item) => project(request, item)) }),
    ...(page.isCut && page.last && { LastEvaluatedKey: startKeyOf(page.last, table, index) }),
    ...(wantsCapacity(request) && {
      ConsumedCapacity: toConsumedCapacity(request, table, unitsOf(request, index, page.bytes, isFetched ? items : [])),
    }),
  };
}

interface Source {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly range: KeyRange;
}

/** Returns the part of the range after the last key of the previous page. */
function fromStart(range: KeyRange, { table, index, request }: Omit<Source, 'range'> & { request: CheckedRequest }) {
  // Checked by the operation's rules: it has all keys of the table and of the index.
  const start = request.ExclusiveStartKey as Item | undefined;
  const key = start && (index ? indexKey(start, table, index) : itemKey(start, table));
  if (key === undefined) return range;
  const { gt: _gt, gte: _gte, lt: _lt, lte: _lte, ...rest } = range;
  const bounds = {
    ...(range.gte !== undefined && { gte: range.gte }),
    ...(range.lte !== undefined && { lte: range.lte }),
  };
  return range.reverse
    ? { ...rest, ...bounds, ...(range.gt !== undefined && { gt: range.gt }), lt: key }
    : { ...rest, ...bounds, ...(range.lt !== undefined && { lt: range.lt }), gt: key };
}

async function collect(state: State, request: CheckedRequest, { table, index, range }: Source) {
  const limit = (request.Limit as number | undefined) ?? Number.POSITIVE_INFINITY;
  const { limit: _, ...bounds } = range as KeyRange & { readonly limit?: number };
  const wanted = ranges.rowsWithin(index?.id ?? table.id, bounds);
  const items: Item[] = [];
  let bytes = 0;
  const cut = () => ({ items, bytes, isCut: true, last: items.at(-1) });
  for await (const rows of state.storage.rows(Number.isFinite(limit) ? { ...wanted, limit } : wanted))
    for (const [, text] of rows) {
      // Only `planChange` writes these rows.
      const item = JSON.parse(text) as Item;
      items.push(item);
      bytes += itemSize(item);
      if (items.length >= limit || bytes >= maxPageBytes) return cut();
    }
  return { items, bytes, isCut: false, last: undefined };
}

/** @throws RequestFailure if a request asks for attributes that the index does not have */
function checkSelection(request: CheckedRequest, index: Index | undefined): void {
  const { Select, ProjectionExpression } = request;
  if (ProjectionExpression !== undefined && Select === 'COUNT')
    throw validationFailure('Cannot specify the ProjectionExpression when choosing to get only the Count');
  if (ProjectionExpression !== undefined && Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES')
    throw validationFailure(`Cannot specify the ProjectionExpression when choosing to get ${Select}`);
  if (index?.attributes === undefined) return;
  const { pathHeads = {} } = (request._filter as { readonly pathHeads?: object } | undefined) ?? {};
  if (request.KeyConditions !== undefined)
    checkCarried(
      index,
      Object.keys(pathHeads),
      `Secondary index ${index.name} does not project one or more filter attributes:`,
    );
  const wanted = (pathsOf(request) ?? []).map(([name]) => name);
  if (index.kind === 'Global') checkCarried(index, wanted, `Global secondary index ${index.name} does not project`);
}

function checkCarried({ attributes = [] }: Index, names: readonly string[], problem: string): void {
  const missing = [...new Set(names)].filter((name) => !attributes.includes(name)).sort();
  if (missing.length > 0)
    throw validationFailure(`One or more parameter values were invalid: ${problem} [${missing.join(', ')}]`);
}

/** @throws RequestFailure if a condition asks for a key that no item can have */
function checkKeys(request: CheckedRequest, table: Table, index: Index | undefined): void {
  const conditions = request.KeyConditions as
    | Readonly<Record<string, { readonly AttributeValueList?: readonly AttributeValue[] }>>
    | undefined;
  for (const name of keyNamesOf(index?.schema ?? table.description.KeySchema))
    for (const value of conditions?.[name]?.AttributeValueList ?? []) refuseEmptyKey(value, name, index?.name);
}

/** Returns whether a request asks for attributes that are not projected into an index. */
function wantsMore(request: CheckedRequest, carried: readonly string[]): boolean {
  const asked = pathsOf(request)?.map(([name]) => name) ?? [];
  return request.Select === 'ALL_ATTRIBUTES' || asked.some((name) => !carried.includes(name));
}

function matches(request: CheckedRequest, item: Item): boolean {
  const parsed = request._filter as { readonly expression: Condition } | undefined;
  if (parsed) return meets(item, parsed.expression);
  const older = (request.QueryFilter ?? request.ScanFilter) as object | undefined;
  return (
    older === undefined ||
    db.matchesFilter(withoutInherited(item), older, request.ConditionalOperator as string | undefined)
  );
}

const startKeyOf = (item: Item, { description }: Table, index: Index | undefined): Item => {
  const names = [...keyNamesOf(description.KeySchema), ...keyNamesOf(index?.schema ?? [])];
  return Object.fromEntries([...new Set(names)].flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
};

function fetchWhole({ storage }: State, table: Table, row: Item): Item {
  const text = storage.get(keys.row(table.id, itemKey(row, table)));
  return text === undefined ? row : (JSON.parse(text) as Item);
}

function unitsOf(request: CheckedRequest, index: Index | undefined, bytes: number, fetched: readonly Item[]) {
  const isConsistent = request.ConsistentRead === true;
  const units = readUnits(bytes, isConsistent);
  if (!index) return { table: units, indexes: {} };
  const table = fetched.reduce((sum, item) => sum + readUnits(itemSize(item), isConsistent), 0);
  return { table, indexes: { [index.name]: units } };
}
