import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Operation, Output } from './operation.ts';
import { type Index, tables } from './tables.ts';

/** Comparable JSON: sets are sorted, bytes are hexadecimal, names are sorted. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/** A comparable answer: what the store returned, or how it refused. */
export type Answer = { readonly output: Plain } | { readonly refusal: Plain };

export function toPlain(thing: unknown): Plain {
  if (thing === undefined || thing === null) return null;
  if (thing instanceof Uint8Array) return `0x${Buffer.from(thing).toString('hex')}`;
  if (thing instanceof Date) return thing.toISOString();
  if (Array.isArray(thing)) return thing.map(toPlain);
  if (typeof thing === 'object') return plainObject(thing);
  return typeof thing === 'number' || typeof thing === 'boolean' ? thing : String(thing);
}

function plainObject(thing: object): Plain {
  const entries = Object.entries(thing)
    .filter(([name, value]) => value !== undefined && name !== '$metadata')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]): [string, Plain] => [name, isSet(name, value) ? sorted(value.map(toPlain)) : toPlain(value)]);
  return Object.fromEntries(entries);
}

const isSet = (name: string, value: unknown): value is unknown[] =>
  (name === 'SS' || name === 'NS' || name === 'BS') && Array.isArray(value);

export const sorted = (list: readonly Plain[]): Plain[] =>
  [...list].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

/** Makes an operation's outputs comparable: sorts everything that the protocol allows in any order. */
export function normaliseOutputs(operation: Operation, outputs: readonly Output[]): Plain {
  switch (operation.kind) {
    case 'Scan':
      return normaliseScan(operation, outputs);
    case 'Query':
      return normaliseQuery(operation, outputs);
    case 'BatchGetItem':
      return toPlain(
        outputs.map((output) => ({ ...normaliseCapacities(output), Responses: sortedTables(output.Responses) })),
      );
    case 'BatchWriteItem':
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return toPlain(outputs.map(normaliseCapacities));
    default:
      return toPlain(outputs);
  }
}

const listOf = (thing: unknown): readonly unknown[] => (Array.isArray(thing) ? thing : []);
const sum = (pages: readonly Output[], name: string) =>
  pages.reduce((total, page) => total + Number(page[name] ?? 0), 0);

/** The capacities of a batch come in any order of the tables. */
const normaliseCapacities = (output: Output): Output =>
  'ConsumedCapacity' in output && output.ConsumedCapacity !== undefined
    ? { ...output, ConsumedCapacity: byTable(listOf(output.ConsumedCapacity).map(toPlain)) }
    : output;

const byTable = (capacities: readonly Plain[]): Plain[] =>
  [...capacities].sort((one, other) => (tableOf(one) < tableOf(other) ? -1 : 1));

const tableOf = (capacity: Plain): string =>
  typeof capacity === 'object' && capacity !== null && 'TableName' in capacity ? String(capacity.TableName) : '';

function sortedTables(responses: unknown): Plain {
  if (typeof responses !== 'object' || responses === null) return null;
  return toPlain(
    Object.fromEntries(Object.entries(responses).map(([table, items]) => [table, sorted(listOf(items).map(toPlain))])),
  );
}

/** Each store has its own order of a scan. So items and sums are compared, and capacity only for a single page. */
function normaliseScan({ segments }: { segments: number }, pages: readonly Output[]): Plain {
  const [only, ...more] = pages;
  return toPlain({
    items: sorted(pages.flatMap((page) => listOf(page.Items)).map(toPlain)),
    count: sum(pages, 'Count'),
    scanned: sum(pages, 'ScannedCount'),
    ...(segments === 1 ? { pages: pages.length } : {}),
    ...(more.length === 0 ? { capacity: only?.ConsumedCapacity, hasItems: only?.Items !== undefined } : {}),
  });
}

/** Pages of a table are compared as they are. In pages of an index, items with equal keys may come in any order. */
function normaliseQuery({ input }: Extract<Operation, { kind: 'Query' }>, pages: readonly Output[]): Plain {
  const table = tables.find(({ name }) => name === input.TableName);
  const index = table?.indexes.find(({ name }) => name === input.IndexName);
  if (table === undefined || index === undefined) return toPlain(pages);
  if (input.ProjectionExpression !== undefined || input.Select === 'COUNT')
    return normaliseScan({ segments: 1 }, pages);
  const items = pages.flatMap((page) => listOf(page.Items)) as Record<string, AttributeValue>[];
  return toPlain({
    groups: groupTies(items, index),
    count: sum(pages, 'Count'),
    scanned: pages.map((page) => page.ScannedCount),
    ...(pages.length === 1 ? { capacity: pages[0]?.ConsumedCapacity } : {}),
  });
}

function groupTies(items: readonly Record<string, AttributeValue>[], index: Index): Plain {
  const groups: { key: string; items: Plain[] }[] = [];
  for (const item of items) {
    const key = index.range === undefined ? '' : JSON.stringify(toPlain(item[index.range.name]));
    const last = groups.at(-1);
    if (last?.key === key) last.items.push(toPlain(item));
    else groups.push({ key, items: [toPlain(item)] });
  }
  return groups.map((group) => ({ key: group.key, items: sorted(group.items) }));
}
