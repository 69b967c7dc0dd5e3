import * as fc from 'fast-check';
import { visitTokens } from './json-tokens.ts';

const spaces = fc.constantFrom('', ' ', '\t', '\r\n ');

function tokensOf(text: string, last?: string): readonly string[] {
  const tokens: string[] = [];
  visitTokens(text, (start, end) => tokens.push(text.slice(start, end)) > 0 && tokens.at(-1) !== last);
  return tokens;
}

describe('the tokens of a JSON text', () => {
  it.each([
    [' {"a" : [1, "b c" ,null ]} ', ['{', '"a"', ':', '[', '1', ',', '"b c"', ',', 'null', ']', '}']],
    ['-1.5e+3', ['-1.5e+3']],
    ['"a\\"b\\\\"', ['"a\\"b\\\\"']],
    ['[true\n,false\t]', ['[', 'true', ',', 'false', ']']],
    ['12 ', ['12']],
  ])('of %j', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  it('end when the caller has seen enough', () => {
    expect(tokensOf('[1,2,3]', '2')).toEqual(['[', '1', ',', '2']);
  });

  it('say the same as the text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), spaces, (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(tokensOf(text).join('')).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { seed: 1 },
    );
  });
});
