import * as fc from 'fast-check';
import { findAtPath } from './find-at-path.ts';

/** The value that the whole text, parsed, has at the path. */
function valueAt(text: string, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    JSON.parse(text),
  );
}

describe('the value at a path', () => {
  it.each([
    ['{"a":[1, {"b": [2 ] }]}', ['a', '1', 'b'], '[2 ]'],
    [' 7 ', [], '7'],
    ['{"a":{"b":1},"a":{"c":2}}', ['a', 'b'], undefined],
    ['{"a":{"b":1},"a":{"b":3}}', ['a', 'b'], '3'],
    ['{"a":{"b":1},"a":5}', ['a', 'b'], undefined],
    ['{"\\u0061":1,"\\\\":2}', ['a'], '1'],
    ['{"\\u0061\\u0062":1}', ['ab'], '1'],
    ['{"\\u0061bcdefg":1}', ['bcdefgh'], undefined],
    ['{"":{"":1}}', ['', ''], '1'],
    ['[[],[1,2,3]]', ['1', 'length'], '3'],
    ['[[],[1,2,3]]', ['length', 'length'], undefined],
    ['{"length":9}', ['length'], '9'],
    ['[1,2]', ['01'], undefined],
    ['{"a":1} x', ['a'], undefined],
    ['{"a":1,"b":tru}', ['a'], undefined],
    ['', [], undefined],
  ])('of %s at %j', (text, path, expected) => {
    expect(findAtPath(text, path)).toBe(expected);
  });

  it('is the one that JSON.parse gives', () => {
    const name = fc.constantFrom('a', 'b', '0', '1', '2', 'length', 'constructor', '');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.string(),
        fc.dictionary(name, tie('tree')),
        fc.array(tie('tree'), { maxLength: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.array(name, { maxLength: 4 }), fc.constantFrom('', ' '), (value, path, space) => {
        const text = JSON.stringify(value, null, space);
        const found = findAtPath(text, path);
        expect(found === undefined ? undefined : JSON.parse(found)).toEqual(valueAt(text, path));
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it('is found in a megabyte of members and brackets, which are not parsed', () => {
    const members = Array.from({ length: 80_000 }, (_, n) => `"m${n}":${n}`).join(',');
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const { parse } = JSON;
    JSON.parse = () => {
      throw new Error('nothing is to be parsed');
    };
    try {
      expect(findAtPath(`{"x":${deep},${members},"id":{"n":7}}`, ['id', 'n'])).toBe('7');
    } finally {
      JSON.parse = parse;
    }
  });
});
