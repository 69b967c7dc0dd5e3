import fc from 'fast-check';
import { isRegularExpression } from '../is-regular-expression.ts';
import { createMatcher } from './create-matcher.ts';
import { UnmatchablePattern } from './pattern-node.ts';

const matches = (pattern: string, text: string): boolean => createMatcher(pattern).matches(text, () => undefined);
const stepsOf = (pattern: string, text: string): number => {
  let steps = 0;
  createMatcher(pattern).matches(text, (more) => {
    steps += more;
  });
  return steps;
};

describe('a regular expression', () => {
  it.each([
    ['^[A-Z]{2}\\d{2}[A-Z0-9]{1,30}$', ['DE89370400440532013000', 'de89', 'DE8']],
    ['^\\S+@\\S+\\.\\S+$', ['a@b.c', 'a b@c.d', '@.']],
    ['^(?:\\+|00)[1-9]\\d{1,14}$', ['+4915112345', '0049151', '+0']],
    ['\\bcat\\b', ['a cat.', 'concat', 'cats', 'cat']],
    ['^\\p{Lu}\\p{Ll}*$', ['Ärger', 'ä', 'A1']],
    ['^\\u{1F984}|\\uD83E\\uDD84$', ['🦄', 'x🦄', 'x']],
    ['^(?<year>\\d{4})-(\\d\\d)$', ['2026-01', '2026-1']],
    ['^.{1,3}$', ['🦄🦄🦄', '🦄🦄🦄🦄', '', 'a\nb']],
    ['^[^\\]\\\\]+$', ['a-b', 'a]', '\\']],
    ['^[\\w.-]+\\/[\\w.-]+$', ['a/b', 'a/', 'a-b/c.d']],
    ['^$|^x{0}y{2,}$', ['', 'yy', 'xyy', 'y']],
    ['(?:)*(a*)*b', ['aaab', 'b', 'a']],
    ['\\x41\\cJ\\0\\t', ['A\n\0\t', 'A']],
    ['\\@\\-\\_', ['@-_', '@']],
    ['a{,3}{', ['a{,3}{', 'aaa']],
    ['^\\s$', ['\u00a0', '\ufeff', 'a', '\v']],
  ])('%s means what it means in JavaScript', (pattern, texts) => {
    expect(isRegularExpression(pattern)).toBe(true);
    for (const text of texts) expect([text, matches(pattern, text)]).toEqual([text, native(pattern).test(text)]);
  });

  it.each(['(?=a)b', '(?!a)b', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<n>a)\\k<n>', '(?i:a)'])(
    '%s cannot be matched in linear time',
    (pattern) => expect(() => createMatcher(pattern)).toThrow(UnmatchablePattern),
  );

  it.each([
    '(a{1,1000}){1,1000}',
    'a{30000}',
    `${'('.repeat(200)}a${')'.repeat(200)}`,
    '(((a{9}){9}){9}){9,}'.repeat(9),
    '(?:){300000000}',
    '(?:){9007199254740991}',
    `(?:a{${'9'.repeat(320)}}){0}(?:){300000000}`,
    `(?:a{${'9'.repeat(320)}}){0,1}`,
    `(?:|(?:b{${'9'.repeat(320)},}){0}|a{30000})`,
  ])('that is too large is refused: %.20s', (pattern) =>
    expect(() => createMatcher(pattern)).toThrow(UnmatchablePattern),
  );

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(x+x+)+y', '(.*)*=(.*)*', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'takes a time that grows with the text: %s',
    (pattern) => {
      const text = (length: number) => `${'a'.repeat(length)}${'x'.repeat(length)}!`;
      expect(stepsOf(pattern, text(20_000))).toBeLessThan(11 * stepsOf(pattern, text(2_000)));
    },
  );

  it('without what is repeated no times is small', () => {
    const pattern = `^(?:a{${'9'.repeat(320)}}){0}b$`;
    expect(createMatcher(pattern).size).toBeLessThan(10);
    expect([matches(pattern, 'b'), matches(pattern, 'ab')]).toEqual([true, false]);
  });

  it('with many ways to the same place takes a step for each of them', () => {
    const text = 'a'.repeat(100);
    expect(stepsOf(`^(?:a(?:${'|'.repeat(1_000)}))*b`, text)).toBeGreaterThan(100_000);
    expect(stepsOf(`^(?:a(?:${'x?|'.repeat(500)}))*b`, text)).toBeGreaterThan(50_000);
  });

  it('takes more steps for a class of characters that are not remembered', () => {
    const steps = (letter: string) => stepsOf('^[a-zа-я🦄]*$', letter.repeat(1_000));
    expect(steps('я')).toBeGreaterThan(steps('a') + 5_000);
    expect(steps('🦄')).toBeGreaterThan(steps('a') + 5_000);
  });

  it('that begins at the start is not looked for anywhere else', () => {
    expect(stepsOf('^b', 'a'.repeat(100_000))).toBeLessThan(10);
  });

  it('agrees with Node', () => {
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(anyPattern, fc.array(anyText, { minLength: 1, maxLength: 8 }), (pattern, texts) => {
        if (!isRegularExpression(pattern)) return;
        // Node also looks between the two halves of a character.
        const isHalved = (text: string) => pattern.includes('\\B') && text.includes('🦄');
        for (const text of texts) {
          if (isHalved(text)) continue;
          const expected = native(pattern).test(text);
          if (expected) accepted += 1;
          else refused += 1;
          expect([pattern, text, matches(pattern, text)]).toEqual([pattern, text, expected]);
        }
      }),
      { seed: 12, numRuns: 5_000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(2_000);
  });
});

function native(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

const anyText = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'B', '1', '_', ' ', '-', '\n', 'é', '🦄'),
  maxLength: 6,
});
const { pattern: anyPattern } = fc.letrec<{ pattern: string }>((tie) => {
  const atom = fc.constantFrom(
    'a',
    'b',
    'c',
    '1',
    '-',
    '.',
    '🦄',
    'é',
    '[ab]',
    '[^a]',
    '[a-c_]',
    '[^]',
    '[]',
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\p{L}',
    '\\P{L}',
    '^',
    '$',
    '\\b',
    '\\B',
    '\\x61',
    '\\u0062',
    ' ',
  );
  const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '{2}', '{0,2}', '{1,}', '{0}');
  const inner = tie('pattern');
  return {
    pattern: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(atom, quantifier).map((parts) => parts.join('')),
      fc.tuple(inner, inner).map((parts) => parts.join('')),
      fc.tuple(inner, inner).map((parts) => parts.join('|')),
      fc.tuple(inner, quantifier).map(([one, times]) => `(${one})${times}`),
      fc.tuple(inner, quantifier).map(([one, times]) => `(?:${one})${times}`),
    ),
  };
});
