import * as fc from 'fast-check';
import { endOfValue, readElements, readMembers, skipSpace, tokensOf } from './json-text.ts';

const spaces = fc.constantFrom('', ' ', '\t', '\r\n ');

describe('reading parts of a JSON text', () => {
  it.each([
    ['x', 0, 0],
    [' \t\n\rx', 0, 4],
    ['x y', 1, 2],
    ['  ', 0, 2],
    ['', 0, 0],
  ])('skips the white space of %j from %i to %i', (text, start, end) => {
    expect(skipSpace(text, start)).toBe(end);
  });

  it.each([
    ['"a\\"b" ', 6],
    ['"\\\\",', 4],
    ['[1,"]",[2]] ', 11],
    ['{"a":"}"},', 9],
    ['{"a":[{}]}]', 10],
    ['-1.5e+3,', 7],
    ['12', 2],
    ['12]', 2],
    ['12}', 2],
    ['12 ', 2],
    ['true\n', 4],
    ['true\t', 4],
    ['true\r', 4],
  ])('ends the value at the begin of %j at %i', (text, end) => {
    expect(endOfValue(text, 0)).toBe(end);
  });

  it('reads members and elements as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spaces, (object, space) => {
        const members = readMembers(`${space}${JSON.stringify(object, null, space)}${space}`);
        expect([...members.keys()].toSorted()).toEqual(Object.keys(JSON.parse(JSON.stringify(object))).toSorted());
        for (const [name, slice] of members)
          expect(JSON.parse(slice)).toEqual(JSON.parse(JSON.stringify(object))[name]);
      }),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), spaces, (array, space) => {
        const elements = readElements(`${space}${JSON.stringify(array, null, space)}${space}`);
        expect(elements.map((slice) => JSON.parse(slice))).toEqual(JSON.parse(JSON.stringify(array)));
      }),
      { seed: 1 },
    );
  });

  it('gives slices without the white space around them', () => {
    expect([...readMembers(' { "a" : 1 , "b" : [ 2 ] } ')]).toEqual([
      ['a', '1'],
      ['b', '[ 2 ]'],
    ]);
    expect(readElements(' [ 1 , { } ] ')).toEqual(['1', '{ }']);
    expect([readMembers(' { } ').size, readElements(' [ ] ').length]).toEqual([0, 0]);
  });

  it('splits a text into tokens that say the same', () => {
    expect([...tokensOf(' {"a" : [1, "b c" ,null ]} ')]).toEqual([
      '{',
      '"a"',
      ':',
      '[',
      '1',
      ',',
      '"b c"',
      ',',
      'null',
      ']',
      '}',
    ]);
    fc.assert(
      fc.property(fc.jsonValue(), spaces, (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect([...tokensOf(text)].join('')).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { seed: 1 },
    );
  });

  it('reads a megabyte of many members, and of deep nesting', () => {
    const members = Array.from({ length: 100_000 }, (_, n) => `"${n}":1`).join(',');
    expect(readMembers(`{${members}}`).size).toBe(100_000);
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect(endOfValue(deep, 0)).toBe(deep.length);
    expect(readElements(deep)).toHaveLength(1);
  });
});
