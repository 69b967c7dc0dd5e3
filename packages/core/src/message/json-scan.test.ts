import * as fc from 'fast-check';
import { InvalidJson, scanMembers, scanValue } from './json-scan.ts';

const check = { seed: 1, numRuns: 3_000 };
const spaces = fc.constantFrom('', ' ', '\t', '\r\n ');

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isScanned(text: string): boolean {
  try {
    scanMembers(text, () => undefined);
    return true;
  } catch (error) {
    if (error instanceof InvalidJson) return false;
    throw error;
  }
}

/** The members of an object, the last value of each name. */
function membersOf(text: string): Record<string, unknown> {
  const members = new Map<string, unknown>();
  scanMembers(text, ({ nameStart, nameEnd, start, end }) => {
    members.set(JSON.parse(text.slice(nameStart, nameEnd)), JSON.parse(text.slice(start, end)));
  });
  return Object.fromEntries(members);
}

describe('scanning JSON', () => {
  it.each([
    ...['', ' ', '{', '}', '[', ']', '[1', '{"a"', '{"a":', '{"a":1', '{"a":1,', '[1,', '[1,]', '{"a":1,}', '[,1]'],
    ...[
      '{,}',
      '{a:1}',
      "{'a':1}",
      '{"a" 1}',
      '{"a":1 "b":2}',
      '[1 2]',
      '{1:2}',
      '{"a":1]',
      '[1}',
      '[[1]',
      '{}}',
      '[]]',
    ],
    ...['1', '-1', '0', '-0', '01', '-01', '00', '-', '+1', '1.', '.1', '1.0', '-0.10', '1e', '1e5', '1E+5', '1e-05'],
    ...['1e+', '1.e5', '0e0', '0x1', '1_0', 'NaN', 'Infinity', '-Infinity', '1 1', '1,', '2٣', '1.5.5', '1e5e5'],
    ...['true', 'false', 'null', 'tru', 'truex', 'nul', 'True', 'undefined', 'true false', 'nulll', '[truefalse]'],
    ...['"', '"a', 'a"', '"a"b', '"\\"', '"\\\\"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\\uFFff"', '"\\ud800"', '"\\'],
    ...['"\n"', '"\t"', '"\u0000"', '"\u001f"', '"\u007f"', '"\u2028"', '"\ud800"', '"\\/\\b\\f\\n\\r\\t"', "'a'"],
    ...[
      '\ufeff1',
      '\u00a01',
      '1\u00a0',
      '\v1',
      '\f1',
      ' \t\n\r1 \t\n\r',
      '// x\n1',
      '/**/1',
      '1;',
      '"\\u 123"',
      '"\\u+123"',
    ],
    ...['{"a":1,"a":2}', '{"":{}}', '[[[[]]]]', '{"a":[{"b":[]}]}', ' { "a" : [ 1 , { } ] } ', '[{}{}]', '{"a":{},}'],
  ])('accepts %j exactly if JSON.parse does', (text) => {
    expect(isScanned(text)).toBe(isJson(text));
  });

  it('accepts what JSON.parse accepts, and refuses what it refuses, for texts with a small fault', () => {
    const anyJson = fc.tuple(fc.jsonValue(), spaces).map(([value, space]) => JSON.stringify(value, null, space));
    const anyPart = fc.constantFrom(
      ...'{}[],:"\\0123456789.eE+-truefalsn /u\n\t\u0000é',
      '""',
      '\\u00',
      'null',
      '{}',
      '[]',
    );
    fc.assert(
      fc.property(anyJson, fc.nat(), fc.nat(2), anyPart, (json, at, removed, part) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + part + json.slice(place + removed);
        expect([text, isScanned(text)]).toEqual([text, isJson(text)]);
      }),
      check,
    );
  });

  it('finds the members that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spaces, (object, space) => {
        const text = `${space}${JSON.stringify(object, null, space)}${space}`;
        expect(membersOf(text)).toEqual(JSON.parse(text));
      }),
      { ...check, numRuns: 500 },
    );
  });

  it('finds each member as often as it is given, without the white space around it', () => {
    const text = ' { "a" : [ 1 ] , "\\u0061" : 2 } ';
    const found: (readonly [string, string])[] = [];
    scanMembers(text, (it) => found.push([text.slice(it.nameStart, it.nameEnd), text.slice(it.start, it.end)]));
    expect(found).toEqual([
      ['"a"', '[ 1 ]'],
      ['"\\u0061"', '2'],
    ]);
  });

  it.each([
    ['{}', true],
    [' { } ', true],
    ['[{"a":1}]', false],
    ['"{}"', false],
    ['null', false],
  ])('says whether %j is an object', (text, isObject) => {
    expect(scanMembers(text, () => undefined)).toBe(isObject);
  });

  it('ends a value before what is behind it', () => {
    expect(['{"a":1},', '[1]]', '"a":', '-1.5e3}', 'true ', '1'].map((text) => scanValue(text, 0))).toEqual([
      7, 3, 3, 6, 4, 1,
    ]);
  });

  it('needs no stack: half a million brackets are scanned', () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect(scanValue(deep, 0)).toBe(deep.length);
    expect(() => scanValue(deep.slice(1), 0)).not.toThrow();
    expect(() => scanValue(deep.slice(0, -1), 0)).toThrow('not JSON at position 999999');
  });
});
