import fc from 'fast-check';
import { type Table, typedAttributes } from '../tables.ts';
import { join, type Piece, type Pieces } from './expression.ts';

/** Attributes that are in no key of any table: anything, a number, a list, a map, a set. */
export const freeAttributes = ['a', 'c', 'l', 'd', 'z'] as const;

const throughPlaceholder = (name: string): Piece => ({ name });

/** An attribute's name in an expression: as it is, or as a placeholder. */
export const named = (name: string): fc.Arbitrary<Piece> => fc.constantFrom<Piece>(name, throughPlaceholder(name));

const element = fc.constantFrom('[0]', '[1]', '[2]', '[7]');
const member = fc.constantFrom('a', 'b', 'c').chain((name) => named(name).map((piece) => join('.', piece)));
const oddMember = fc.constant(join('.', throughPlaceholder('x y')));
const step: fc.Arbitrary<Pieces> = fc.oneof(
  element.map((text) => [text]),
  member,
);

const inside = (attribute: 'l' | 'd', first: fc.Arbitrary<Pieces>): fc.Arbitrary<Pieces> =>
  fc
    .tuple(named(attribute), first, fc.array(step, { maxLength: 1 }))
    .map(([root, next, rest]) => join(root, next, ...rest));

const nestedPath = fc.oneof(
  inside(
    'l',
    element.map((text) => [text]),
  ),
  inside('d', fc.oneof({ weight: 5, arbitrary: member }, oddMember)),
  fc.tuple(named('a'), step).map(([root, next]) => join(root, next)),
);

/** Paths that DynamoDB refuses to read: reserved words, wrong starts, too many dereferences. */
const badPath: fc.Arbitrary<Pieces> = fc.constantFrom<Pieces>(
  ['name'],
  ['Status'],
  ['a.'],
  ['1a'],
  ['l[-1]'],
  ['l[a]'],
  ['a..b'],
  ['d.status'],
);

const free = fc.constantFrom(...freeAttributes).chain(named);

/** A path in an item of the table. Mostly it exists. */
export function path(table: Table): fc.Arbitrary<Pieces> {
  const typed = fc.constantFrom(...typedAttributes(table)).chain(({ name }) => named(name));
  return fc.oneof(
    { weight: 8, arbitrary: free.map((piece) => [piece]) },
    { weight: 4, arbitrary: nestedPath },
    { weight: 3, arbitrary: typed.map((piece) => [piece]) },
    { weight: 1, arbitrary: fc.constant<Pieces>(['nowhere']) },
  );
}

export const mostlyGoodPath = (table: Table): fc.Arbitrary<Pieces> =>
  fc.oneof({ weight: 200, arbitrary: path(table) }, { weight: 1, arbitrary: badPath });

/** A path that does not start with a key attribute. */
export const freePath: fc.Arbitrary<Pieces> = fc.oneof(
  { weight: 6, arbitrary: free.map((piece) => [piece]) },
  { weight: 1, arbitrary: nestedPath },
);

export const pathTo = (attribute: (typeof freeAttributes)[number]): fc.Arbitrary<Pieces> =>
  named(attribute).map((piece) => [piece]);
