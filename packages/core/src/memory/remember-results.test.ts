import { rememberResults } from './remember-results.ts';

function aCounted(maxEntries: number) {
  const asked: string[] = [];
  const read = rememberResults((text) => {
    asked.push(text);
    if (text === 'bad') throw new TypeError('bad text');
    return text === 'none' ? undefined : text.length;
  }, maxEntries);
  return { asked, read };
}

describe('remembered results', () => {
  it('are computed once for each text, whatever the result is', () => {
    const { asked, read } = aCounted(10);
    expect(['a', 'bb', 'none', 'a', 'bb', 'none'].map(read)).toEqual([1, 2, undefined, 1, 2, undefined]);
    expect(asked).toEqual(['a', 'bb', 'none']);
  });

  it('are never more than the limit: the oldest makes room', () => {
    const { asked, read } = aCounted(2);
    for (const text of ['a', 'b', 'c', 'c', 'b', 'a']) read(text);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('are computed again after an error', () => {
    const { asked, read } = aCounted(2);
    for (const _ of [1, 2]) expect(() => read('bad')).toThrow('bad text');
    expect(asked).toEqual(['bad', 'bad']);
  });
});
