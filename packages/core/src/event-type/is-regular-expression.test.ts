import fc from 'fast-check';
import { isRegularExpression } from './is-regular-expression.ts';

const isReadBy = (pattern: string, flags: string): boolean => {
  try {
    return new RegExp(pattern, flags) instanceof RegExp;
  } catch {
    return false;
  }
};

const parts = [
  ...['a', '-', '|', '(', ')', '[', '[^', ']', '{', '}', '{2}', '{2,1}', '?', '*', '+', '.', '^', '$', '\n', '🦄'],
  ...[
    '(?:',
    '(?=',
    '(?<!',
    '(?i:',
    '(?<n>',
    '\\k<n>',
    '\\1',
    '\\b',
    '\\cW',
    '\\x41',
    '\\u{1F984}',
    '\\u',
    '\\',
    '\\\\',
  ],
  ...[
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\d',
    '\\D',
    '\\p{L}',
    '\\P{Script=Latin}',
    '\\p{No}',
    '\\p{Such}',
    '\\p',
    '\\p{',
    '\\P{L',
  ],
];

it('is what Node can read, with the flag u or without', () => {
  let readable = 0;
  const anyPattern = fc.array(fc.constantFrom(...parts), { maxLength: 7 }).map((chosen) => chosen.join(''));
  fc.assert(
    fc.property(anyPattern, (pattern) => {
      const expected = isReadBy(pattern, 'u') || isReadBy(pattern, '');
      if (expected) readable += 1;
      expect(isRegularExpression(pattern)).toBe(expected);
    }),
    { seed: 63, numRuns: 20_000 },
  );
  expect(readable).toBeGreaterThan(2_000);
});

it.each([
  ['\\p{Letter}', true],
  ['[\\p{L}-z]', false],
  ['(?<a>x)\\p{Nothing}', true],
  ['(?<a>x)\\k<b>\\p{L}', false],
  ['(', false],
])('%s: %s', (pattern, expected) => expect(isRegularExpression(pattern)).toBe(expected));
