import { wrap } from './wrap.ts';

const text = 'word '.repeat(100).trim();

describe('a text', () => {
  it('is broken into lines of at most 120 characters, between words', () => {
    const lines = wrap(text, { first: '- ', rest: '  ' });
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toBe(`- ${text}`);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
    expect(lines.slice(1).every((line) => line.startsWith('  word'))).toBe(true);
  });

  it('that is short is one line', () => expect(wrap('a b')).toEqual(['a b']));
});
