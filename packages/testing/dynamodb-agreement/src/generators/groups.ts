import type { KeysAndAttributes, TransactWriteItem, WriteRequest } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { toPlain } from '../normalise.ts';
import type { Operation } from '../operation.ts';
import { keysOf, type Table, tables } from '../tables.ts';
import { condition, writeCondition } from './condition.ts';
import type { Pieces } from './expression.ts';
import { type Item, item, itemKey } from './items.ts';
import { merged } from './merged.ts';
import { projection } from './projection.ts';
import { update } from './update.ts';
import { capacity, expressions, onFailure } from './writes.ts';

/** Mostly the table of the sequence, sometimes another one. */
const near = (table: Table): fc.Arbitrary<Table> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(table) }, { weight: 1, arbitrary: fc.constantFrom(...tables) });

/** Mostly on different items, as the protocol requires. */
const mostlyApart = <T>(one: fc.Arbitrary<T>, selector: (made: T) => string, maxLength: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.uniqueArray(one, { minLength: 1, maxLength, selector }) },
    { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength }) },
  );

// Numbers are compared by value: 1 and 1.0 are the same key.
const keyText = (table: Table, item: Item | undefined): string =>
  JSON.stringify(
    keysOf(table).map(({ name }) => toPlain(item?.[name]?.N === undefined ? item?.[name] : Number(item[name].N))),
  );

const transactKeyText = (
  part: { TableName?: string | undefined; Key?: Item | undefined; Item?: Item | undefined } | undefined,
) =>
  tables
    .flatMap((table) => (table.name === part?.TableName ? [table.name + keyText(table, part.Key ?? part.Item)] : []))
    .join();

export function batchWrite(table: Table): fc.Arbitrary<Operation> {
  const request = (one: Table): fc.Arbitrary<WriteRequest> =>
    fc.oneof(
      { weight: 2, arbitrary: item(one).map((Item) => ({ PutRequest: { Item } })) },
      { weight: 1, arbitrary: itemKey(one).map((Key) => ({ DeleteRequest: { Key } })) },
    );
  const part = near(table).chain((one) =>
    fc
      .array(request(one), { minLength: 1, maxLength: 3 })
      .map((requests): [string, WriteRequest[]] => [one.name, requests]),
  );
  return fc.tuple(fc.array(part, { minLength: 1, maxLength: 2 }), capacity).map(
    ([parts, measured]): Operation => ({
      kind: 'BatchWriteItem',
      input: { RequestItems: Object.fromEntries(parts), ...measured },
    }),
  );
}

export function batchGet(table: Table): fc.Arbitrary<Operation> {
  const part = near(table).chain((one) =>
    fc
      .tuple(
        mostlyApart(itemKey(one), (key) => keyText(one, key), 4),
        expressions({ ProjectionExpression: projection(one) }),
        fc.constantFrom({}, { ConsistentRead: true }),
      )
      .map(([Keys, ...rest]): [string, KeysAndAttributes] => [one.name, merged({ Keys }, ...rest)]),
  );
  return fc.tuple(fc.array(part, { minLength: 1, maxLength: 2 }), capacity).map(
    ([parts, measured]): Operation => ({
      kind: 'BatchGetItem',
      input: { RequestItems: Object.fromEntries(parts), ...measured },
    }),
  );
}

export function transactGet(table: Table): fc.Arbitrary<Operation> {
  const part = near(table).chain((one) =>
    fc
      .tuple(itemKey(one), expressions({ ProjectionExpression: projection(one) }))
      .map(([Key, expressed]) => ({ Get: { TableName: one.name, Key, ...expressed } })),
  );
  return fc
    .tuple(
      mostlyApart(part, ({ Get }) => transactKeyText(Get), 4),
      capacity,
    )
    .map(
      ([TransactItems, measured]): Operation => ({ kind: 'TransactGetItems', input: { TransactItems, ...measured } }),
    );
}

/** Mostly on different items. Sometimes with a token, which another transaction of the sequence may have too. */
export function transactWrite(table: Table): fc.Arbitrary<Operation> {
  const token = fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom('one', 'two').map((ClientRequestToken) => ({ ClientRequestToken })) },
  );
  return fc
    .tuple(
      mostlyApart(
        near(table).chain(transactPart),
        ({ Put, Update, Delete, ConditionCheck }) => transactKeyText(Put ?? Update ?? Delete ?? ConditionCheck),
        4,
      ),
      token,
      capacity,
    )
    .map(
      ([TransactItems, named, measured]): Operation => ({
        kind: 'TransactWriteItems',
        input: { TransactItems, ...named, ...measured },
      }),
    );
}

function transactPart(table: Table): fc.Arbitrary<TransactWriteItem> {
  const TableName = table.name;
  const conditional = expressions({ ConditionExpression: writeCondition(table, 20) });
  const put = fc
    .tuple(item(table), conditional, onFailure)
    .map(([Item, ...rest]): TransactWriteItem => ({ Put: merged({ TableName, Item }, ...rest) }));
  const remove = fc
    .tuple(itemKey(table), conditional, onFailure)
    .map(([Key, ...rest]): TransactWriteItem => ({ Delete: merged({ TableName, Key }, ...rest) }));
  const change = fc
    .tuple(
      itemKey(table),
      expressions({ UpdateExpression: update(table), ConditionExpression: writeCondition(table, 20) }),
      onFailure,
    )
    .map(
      ([Key, ...rest]): TransactWriteItem => ({
        Update: { UpdateExpression: '', ...merged({ TableName, Key }, ...rest) },
      }),
    );
  const present: Pieces = [`attribute_exists(${table.hash.name})`];
  const absent: Pieces = [`attribute_not_exists(${table.hash.name})`];
  const check = fc
    .tuple(
      itemKey(table),
      expressions({
        ConditionExpression: fc.oneof(
          { weight: 1, arbitrary: fc.constant(present) },
          { weight: 2, arbitrary: fc.constant(absent) },
          { weight: 2, arbitrary: condition(table) },
        ),
      }),
      onFailure,
    )
    .map(
      ([Key, ...rest]): TransactWriteItem => ({
        ConditionCheck: { ConditionExpression: '', ...merged({ TableName, Key }, ...rest) },
      }),
    );
  return fc.oneof(
    { weight: 3, arbitrary: put },
    { weight: 3, arbitrary: change },
    { weight: 1, arbitrary: remove },
    { weight: 1, arbitrary: check },
  );
}
