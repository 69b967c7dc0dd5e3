import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { keysOf, type Table, typedAttributes } from '../tables.ts';
import { badKeyValue, badValue, fewValues, hashValue, keyValue, listOf, number, setValue, value } from './values.ts';

export type Item = Record<string, AttributeValue>;

const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, times = 200): fc.Arbitrary<T> =>
  fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** The key of one of a few items. Sometimes it is invalid for the table. */
export function itemKey(table: Table): fc.Arbitrary<Item> {
  const good = goodKey(table);
  const [first] = keysOf(table);
  const odd = fc.oneof(
    good.map((key): Item => ({ ...key, extra: { S: 'x' } })),
    fc.constant<Item>({}),
    fc.constant<Item>({ other: { S: 'a' } }),
    badKeyValue(first ?? table.hash).chain((bad) => good.map((key): Item => ({ ...key, [table.hash.name]: bad }))),
    ...(table.range === undefined
      ? []
      : [
          hashValue(table.hash).map((hash): Item => ({ [table.hash.name]: hash })),
          fc
            .tuple(good, badKeyValue(table.range))
            .map(([key, bad]): Item => ({ ...key, [table.range?.name ?? '']: bad })),
        ]),
  );
  return rarely(good, odd);
}

function goodKey(table: Table): fc.Arbitrary<Item> {
  const { hash, range } = table;
  if (range === undefined) return fewValues(hash).map((first) => ({ [hash.name]: first }));
  return fc
    .tuple(hashValue(hash), fewValues(range))
    .map(([first, second]) => ({ [hash.name]: first, [range.name]: second }));
}

/** An item for the table: its key, some index attributes and some other attributes. */
export function item(table: Table): fc.Arbitrary<Item> {
  const own = new Set(keysOf(table).map(({ name }) => name));
  const indexed = Object.fromEntries(
    typedAttributes(table)
      .filter(({ name }) => !own.has(name))
      .map((one) => [one.name, rarely(keyValue(one), badKeyValue(one))]),
  );
  const free = {
    a: rarely(value, badValue),
    c: number.map((N): AttributeValue => ({ N })),
    l: listOf(value),
    d: fc
      .dictionary(fc.constantFrom('a', 'b', 'c', 'x y'), value, { maxKeys: 3, noNullPrototype: true })
      .map((M): AttributeValue => ({ M })),
    z: setValue,
  };
  return fc
    .tuple(itemKey(table), fc.record({ ...indexed, ...free }, { requiredKeys: ['l', 'd'], noNullPrototype: true }))
    .map(([key, rest]) => ({ ...withoutMissing(rest), ...key }));
}

const withoutMissing = (some: Readonly<Record<string, AttributeValue | undefined>>): Item =>
  Object.fromEntries(Object.entries(some).flatMap(([name, one]) => (one === undefined ? [] : [[name, one]])));
