import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { type Key, keysOf, type Table, typedAttributes } from '../tables.ts';
import { join, type Piece, type Pieces, separated } from './expression.ts';
import { freePath, mostlyGoodPath, named, path, pathTo } from './paths.ts';
import { badValue, keyValue, listOf, number, setValue, value } from './values.ts';

const through = (one: AttributeValue): Pieces => [{ value: one }];
const anyValue = fc.oneof({ weight: 200, arbitrary: value }, { weight: 1, arbitrary: badValue }).map(through);
const numberValue = number.map((N) => through({ N }));

const mistake: fc.Arbitrary<Pieces> = fc.constantFrom<Pieces>(
  [''],
  ['SET'],
  ['SET a'],
  ['SET a = '],
  ['SET a = a = b'],
  ['SET a = b, a = c'],
  ['SET a = b SET c = d'],
  ['REMOVE a, a.b'],
  ['REMOVE l[0], l'],
  ['REMOVE d.a, d[0]'],
  ['REMOVE'],
  ['ADD a'],
  ['ADD a b'],
  ['SET a = unknown_function(b)'],
  ['SET a = if_not_exists(b)'],
  ['SET a = list_append(b)'],
  ['SET a = size(b)'],
  ['SET a = b + c + d'],
  ['UPSERT a = b'],
  join('SET a = list_append(b, ', { value: { N: '1' } }, ')'),
  join('SET a = c + ', { value: { S: '1' } }),
  join('SET a = if_not_exists(', { value: { S: '1' } }, ', b)'),
  join('ADD a ', { value: { S: 'x' } }),
  join('ADD l ', { value: { L: [{ S: 'x' }] } }),
  join('DELETE a ', { value: { N: '1' } }),
  join('SET a = ', { value: { N: '1' } }, ' REMOVE a'),
  join('SET a = ', { value: { N: '1' } }, ', d = ', { value: { N: '1' } }, ' REMOVE d.a'),
);

/** One action of an update: its clause, its attribute and its text. */
interface Action {
  readonly clause: 'SET' | 'REMOVE' | 'ADD' | 'DELETE';
  readonly attribute: string;
  readonly text: Pieces;
}

/** Updates with every clause, function and sign. A few have overlapping or missing paths, or syntax errors. */
export function update(table: Table): fc.Arbitrary<Pieces> {
  const one = action(table);
  const actions = fc.oneof(
    {
      weight: 15,
      arbitrary: fc.uniqueArray(one, { minLength: 1, maxLength: 4, selector: ({ attribute }) => attribute }),
    },
    { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength: 4 }) },
  );
  return fc.oneof({ weight: 60, arbitrary: actions.map(inClauses) }, { weight: 1, arbitrary: mistake });
}

function inClauses(actions: readonly Action[]): Pieces {
  const clauses = Map.groupBy(actions, ({ clause }) => clause);
  const texts = [...clauses].map(([clause, list]) =>
    join(
      `${clause} `,
      separated(
        list.map(({ text }) => text),
        ', ',
      ),
    ),
  );
  return separated(texts, ' ');
}

function action(table: Table): fc.Arbitrary<Action> {
  const about = (clause: Action['clause'], target: Pieces, text: Pieces): Action => ({
    clause,
    attribute: nameOf(target[0]),
    text,
  });
  const set = fc
    .oneof(
      { weight: 6, arbitrary: fc.tuple(freePath, operand(table)) },
      { weight: 2, arbitrary: indexAssignment(table) },
    )
    .map(([to, from]) => about('SET', to, join(to, ' = ', from)));
  const removable = fc.oneof(
    { weight: 12, arbitrary: freePath },
    { weight: 3, arbitrary: indexAttribute(table) },
    { weight: 1, arbitrary: mostlyGoodPath(table) },
  );
  const remove = removable.map((path) => about('REMOVE', path, path));
  return fc.oneof(
    { weight: 6, arbitrary: set },
    { weight: 2, arbitrary: remove },
    { weight: 2, arbitrary: added.map(([to, what]) => about('ADD', to, join(to, ' ', what))) },
    { weight: 1, arbitrary: deleted.map(([from, what]) => about('DELETE', from, join(from, ' ', what))) },
  );
}

const nameOf = (piece: Piece | undefined): string =>
  typeof piece === 'object' && 'name' in piece ? piece.name : String(piece);

const setThrough = setValue.map(through);

const added = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(pathTo('c'), numberValue) },
  { weight: 6, arbitrary: fc.tuple(pathTo('z'), setThrough) },
  { weight: 1, arbitrary: fc.tuple(freePath, fc.oneof(numberValue, setThrough)) },
);

const deleted = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: pathTo('z') }, { weight: 1, arbitrary: freePath }),
  setThrough,
);

function operand(table: Table): fc.Arbitrary<Pieces> {
  const from = path(table);
  const ifMissing = fc
    .tuple(from, fc.oneof(from, anyValue, numberValue))
    .map(([of, otherwise]) => join('if_not_exists(', of, ', ', otherwise, ')'));
  const orZero = pathTo('c').chain((of) => numberValue.map((zero) => join('if_not_exists(', of, ', ', zero, ')')));
  const numeric = fc.oneof(
    { weight: 2, arbitrary: pathTo('c') },
    { weight: 3, arbitrary: numberValue },
    { weight: 3, arbitrary: orZero },
    { weight: 1, arbitrary: from },
  );
  const sum = fc
    .tuple(numeric, fc.constantFrom(' + ', ' - '), numeric)
    .map(([left, sign, right]) => join(left, sign, right));
  const list = fc.oneof(pathTo('l'), listOf(value).map(through));
  const appended = fc.tuple(list, list).map(([left, right]) => join('list_append(', left, ', ', right, ')'));
  return fc.oneof(
    { weight: 6, arbitrary: anyValue },
    { weight: 1, arbitrary: from },
    { weight: 2, arbitrary: sum },
    { weight: 2, arbitrary: ifMissing },
    { weight: 2, arbitrary: appended },
  );
}

const indexKeys = (table: Table): readonly Key[] => {
  const own = new Set(keysOf(table).map(({ name }) => name));
  return typedAttributes(table).filter(({ name }) => !own.has(name));
};

const indexAttribute = (table: Table): fc.Arbitrary<Pieces> =>
  fc.constantFrom(...indexKeys(table)).chain(({ name }) => named(name).map((piece) => [piece]));

/** Moves an item in an index, sometimes to a value of the wrong type. */
const indexAssignment = (table: Table): fc.Arbitrary<[Pieces, Pieces]> =>
  fc.constantFrom(...indexKeys(table)).chain((one) =>
    fc.tuple(
      named(one.name).map((piece): Pieces => [piece]),
      fc.oneof({ weight: 9, arbitrary: keyValue(one).map(through) }, { weight: 1, arbitrary: anyValue }),
    ),
  );
