import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { Table } from '../tables.ts';
import { join, type Pieces, separated } from './expression.ts';
import { mostlyGoodPath } from './paths.ts';
import { badValue, keyValue, number, text, value } from './values.ts';

const comparators = ['=', '<>', '<', '<=', '>', '>='] as const;
const typeNames = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'L', 'M', 'BOOL', 'NULL'];

const through = (one: AttributeValue): Pieces => [{ value: one }];

const comparable: fc.Arbitrary<Pieces> = fc.oneof(
  { weight: 2, arbitrary: number.map((N) => through({ N })) },
  { weight: 2, arbitrary: text.map((S) => through({ S })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...(['S', 'N', 'B'] as const))
      .chain((type) => keyValue({ name: '', type }).map(through)),
  },
  { weight: 2, arbitrary: value.map(through) },
);

const literal = fc.oneof({ weight: 150, arbitrary: comparable }, { weight: 1, arbitrary: badValue.map(through) });

/** Mostly of one type and in order, as BETWEEN requires. */
const bounds: fc.Arbitrary<readonly [Pieces, Pieces]> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .constantFrom<readonly [AttributeValue, AttributeValue]>(
        [{ N: '-1' }, { N: '4' }],
        [{ N: '1.0' }, { N: '1' }],
        [{ N: '0' }, { N: '1e3' }],
        [{ S: '' }, { S: 'b' }],
        [{ S: 'a' }, { S: '\u{1F600}' }],
        [{ B: Uint8Array.of(0) }, { B: Uint8Array.of(128) }],
      )
      .map(([low, high]) => [through(low), through(high)] as const),
  },
  { weight: 1, arbitrary: fc.tuple(literal, literal) },
);

const call = (name: string, ...operands: readonly Pieces[]): Pieces => join(`${name}(`, separated(operands, ', '), ')');

/** Invalid expressions. */
const mistake: fc.Arbitrary<Pieces> = fc.constantFrom<Pieces>(
  [''],
  ['a'],
  ['a ='],
  ['a = :v0'],
  ['size(a)'],
  ['NOT a'],
  ['(a = a'],
  ['a = a'],
  ['a.b <> a.b'],
  ['attribute_exists(a) AND'],
  ['attribute_exists(a, b)'],
  ['attribute_exists(size(a))'],
  ['attribute_type(a, b)'],
  ['begins_with(a)'],
  ['contains(a, b, c)'],
  ['unknown_function(a)'],
  ['ATTRIBUTE_EXISTS(a)'],
  ['a == b'],
  ['a BETWEEN b'],
  ['a IN ()'],
  ['a IN b'],
  ['size(size(a)) > a'],
  ['begins_with(size(a), b)'],
  ['a = b = c'],
  join('attribute_exists(', { value: { S: 'a' } }, ')'),
  join('attribute_type(a, ', { value: { S: 'X' } }, ')'),
  join('attribute_type(a, ', { value: { N: '1' } }, ')'),
  join('begins_with(a, ', { value: { N: '1' } }, ')'),
  join('begins_with(', { value: { N: '1' } }, ', a)'),
  join('contains(', { value: { S: 'a' } }, ', ', { value: { S: 'a' } }, ')'),
  join('size(', { value: { N: '1' } }, ') = a'),
  join('a < ', { value: { BOOL: true } }),
  join('a < ', { value: { L: [] } }),
  join('a BETWEEN ', { value: { N: '2' } }, ' AND ', { value: { N: '1' } }),
  join('a BETWEEN ', { value: { N: '2' } }, ' AND ', { value: { S: '1' } }),
  join('a BETWEEN ', { value: { NULL: true } }, ' AND ', { value: { NULL: true } }),
);

/** Every function and operator of conditions and filters, sometimes with operands of a wrong type. */
export function condition(table: Table): fc.Arbitrary<Pieces> {
  const path = mostlyGoodPath(table);
  const size = path.map((of) => call('size', of));
  const operand = fc.oneof(
    { weight: 6, arbitrary: path },
    { weight: 6, arbitrary: literal },
    { weight: 1, arbitrary: size },
  );
  const sized = fc
    .tuple(size, fc.constantFrom(...comparators), fc.integer({ min: 0, max: 4 }))
    .map(([left, sign, most]) => join(left, ` ${sign} `, { value: { N: String(most) } }));
  const compared = fc
    .tuple(operand, fc.constantFrom(...comparators), operand)
    .map(([left, sign, right]) => join(left, ` ${sign} `, right));
  const between = fc.tuple(operand, bounds).map(([of, [low, high]]) => join(of, ' BETWEEN ', low, ' AND ', high));
  const among = fc
    .tuple(operand, fc.array(operand, { minLength: 1, maxLength: 3 }))
    .map(([of, list]) => join(of, ' IN (', separated(list, ', '), ')'));
  const present = fc
    .tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), path)
    .map(([name, of]) => call(name, of));
  const typed = fc
    .tuple(path, fc.constantFrom(...typeNames))
    .map(([of, name]) => call('attribute_type', of, through({ S: name })));
  const partOf = fc
    .tuple(fc.constantFrom('begins_with', 'contains'), operand, operand)
    .map(([name, of, part]) => call(name, of, part));
  const good = fc.letrec<{ any: Pieces; one: Pieces; joined: Pieces; negated: Pieces }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 7, arbitrary: tie('one') },
      { weight: 2, arbitrary: tie('joined') },
      { weight: 1, arbitrary: tie('negated') },
    ),
    one: fc.oneof(
      { weight: 6, arbitrary: compared },
      { weight: 4, arbitrary: present },
      { weight: 2, arbitrary: sized },
      { weight: 2, arbitrary: between },
      { weight: 2, arbitrary: among },
      { weight: 2, arbitrary: typed },
      { weight: 3, arbitrary: partOf },
    ),
    joined: fc
      .tuple(tie('any'), fc.constantFrom(' AND ', ' OR ', ' and '), tie('any'), fc.boolean())
      .map(([left, word, right, grouped]) => (grouped ? join('(', left, word, right, ')') : join(left, word, right))),
    negated: tie('any').map((inner) => join('NOT ', inner)),
  })).any;
  return fc.oneof({ weight: 60, arbitrary: good }, { weight: 1, arbitrary: mistake });
}

/** The condition of a write. Often it checks only that the item exists. */
export const writeCondition = (table: Table, otherwise = 6): fc.Arbitrary<Pieces | undefined> =>
  fc.oneof(
    { weight: otherwise, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant<Pieces>([`attribute_not_exists(${table.hash.name})`]) },
    { weight: 1, arbitrary: fc.constant<Pieces>([`attribute_exists(${table.hash.name})`]) },
    { weight: 3, arbitrary: condition(table) },
  );
