import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { Key } from '../tables.ts';

const bytesOf = (...values: number[]) => Uint8Array.from(values);

/**
 * Few values, so that they collide. They include tricky ones: UTF-8 and UTF-16 order differ, 9 < 10, unsigned bytes.
 */
const orderTraps: Record<Key['type'], readonly [AttributeValue, ...AttributeValue[]]> = {
  S: ['a', 'b', '\u{1F600}', '\uFFFF', 'aa', 'B', 'é', ' ', '9', '10'].map((S) => ({ S })) as [AttributeValue.SMember],
  N: ['1', '10', '2', '-1', '1.0', '-10', '0', '-0', '1e1', '0.1', '-0.10', '1e-130', '9.9e125', '-9.9e125'].map(
    (N) => ({ N }),
  ) as [AttributeValue.NMember],
  B: [bytesOf(1), bytesOf(1, 0), bytesOf(0), bytesOf(127), bytesOf(128), bytesOf(255), bytesOf(255, 255)].map((B) => ({
    B,
  })) as [AttributeValue.BMember],
};

const badKeys: Record<Key['type'], readonly AttributeValue[]> = {
  S: [{ S: '' }, { N: '1' }, { SS: ['a'] }, { NULL: true }],
  N: [{ S: '1' }, { N: 'one' }, { N: '1e126' }, { N: '' }],
  B: [{ B: bytesOf() }, { S: 'AQ==' }, { BOOL: true }],
};

export const keyValue = ({ type }: Key): fc.Arbitrary<AttributeValue> => fc.constantFrom(...orderTraps[type]);

/** A table's hash key has only two values, so that writes meet. */
export const hashValue = ({ type }: Key): fc.Arbitrary<AttributeValue> => {
  const [first, second] = orderTraps[type];
  return fc.constantFrom(first, second ?? first);
};

/** Mostly one of four values, so that writes meet. Sometimes one of the tricky values. */
export const fewValues = (key: Key): fc.Arbitrary<AttributeValue> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...orderTraps[key.type].slice(0, 4)) },
    { weight: 1, arbitrary: keyValue(key) },
  );

export const badKeyValue = ({ type }: Key): fc.Arbitrary<AttributeValue> => fc.constantFrom(...badKeys[type]);

export const text = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'é', '\u{1F600}', '\u{10FFFF}x', '\uFFFF', 'a b', '0');

export const number = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 12 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '1.0',
      '-0',
      '1e3',
      '1E+3',
      '1000',
      '0.10',
      '.5',
      '00012',
      '-1.50',
      '1e-7',
      '123456789012345678901234567890',
      '12345678901234567890123456789012345678',
      '0.12345678901234567890123456789012345678',
      '99999999999999999999999999999999999999',
      '9.9999999999999999999999999999999999999e125',
      '-9.9999999999999999999999999999999999999e125',
      '1e-130',
      '1000000000000000000000000000000000000000',
    ),
  },
);

const bytes = fc.constantFrom(bytesOf(), bytesOf(0), bytesOf(1, 2, 3), bytesOf(255), bytesOf(1, 2), bytesOf(128, 0));

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 3, arbitrary: text.map((S) => ({ S })) },
  { weight: 4, arbitrary: number.map((N) => ({ N })) },
  { weight: 1, arbitrary: bytes.map((B) => ({ B })) },
  { weight: 1, arbitrary: fc.boolean().map((BOOL) => ({ BOOL })) },
  { weight: 1, arbitrary: fc.constant({ NULL: true as const }) },
);

export const setValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.uniqueArray(text, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS })),
  fc.uniqueArray(number, { minLength: 1, maxLength: 3, selector: Number }).map((NS) => ({ NS })),
  fc.uniqueArray(bytes, { minLength: 1, maxLength: 3, selector: String }).map((BS) => ({ BS })),
);

export const listOf = (element: fc.Arbitrary<AttributeValue>): fc.Arbitrary<AttributeValue> =>
  fc.array(element, { maxLength: 4 }).map((L) => ({ L }));

const mapOf = (element: fc.Arbitrary<AttributeValue>): fc.Arbitrary<AttributeValue> =>
  fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'x y'), element, { maxKeys: 3, noNullPrototype: true })
    .map((M) => ({ M }));

const leaf = fc.oneof({ weight: 5, arbitrary: scalar }, { weight: 2, arbitrary: setValue });
const nested = fc.oneof({ weight: 3, arbitrary: leaf }, listOf(leaf), mapOf(leaf));

/** Any value that DynamoDB accepts. */
export const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 5, arbitrary: leaf },
  { weight: 1, arbitrary: listOf(nested) },
  { weight: 2, arbitrary: mapOf(nested) },
);

/** Values that it refuses, each with another message. */
export const badValue: fc.Arbitrary<AttributeValue> = fc.constantFrom<AttributeValue>(
  { SS: [] },
  { NS: [] },
  { BS: [] },
  { SS: ['a', 'a'] },
  { NS: ['1', '1.0'] },
  { BS: [bytesOf(1), bytesOf(1)] },
  { N: 'abc' },
  { N: '' },
  { N: ' 1' },
  { N: '1e126' },
  { N: '1e-131' },
  { N: '123456789012345678901234567890123456789' },
  { NS: ['1', 'x'] },
  { L: [{ SS: [] }] },
  { M: { a: { N: 'abc' } } },
);
