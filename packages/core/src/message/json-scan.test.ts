import * as fc from 'fast-check';
import { InvalidJson, isJsonObject, scanElements, scanJson, scanMembers, scanValue } from './json-scan.ts';

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
    scanJson(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidJson) return false;
    throw error;
  }
}

/** The members of an object as they are written: name and value, as often as a name is given. */
function membersOf(text: string): readonly (readonly [string, string])[] {
  const members: (readonly [string, string])[] = [];
  scanJson(text, (start) =>
    scanMembers(text, start, (nameStart, nameEnd, valueStart) => {
      const end = scanValue(text, valueStart);
      members.push([text.slice(nameStart, nameEnd), text.slice(valueStart, end)]);
      return end;
    }),
  );
  return members;
}

function elementsOf(text: string): readonly string[] {
  const elements: string[] = [];
  scanJson(text, (start) =>
    scanElements(text, start, (at) => {
      const end = scanValue(text, at);
      elements.push(text.slice(at, end));
      return end;
    }),
  );
  return elements;
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

  it('finds the members and elements that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spaces, (object, space) => {
        const text = `${space}${JSON.stringify(object, null, space)}${space}`;
        const found = membersOf(text).map(([name, value]) => [JSON.parse(name), JSON.parse(value)]);
        expect(Object.fromEntries(found)).toEqual(JSON.parse(text));
      }),
      { ...check, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), spaces, (array, space) => {
        const text = `${space}${JSON.stringify(array, null, space)}${space}`;
        expect(elementsOf(text).map((element) => JSON.parse(element))).toEqual(JSON.parse(text));
      }),
      { ...check, numRuns: 500 },
    );
  });

  it('finds each member as often as it is given, without the white space around it', () => {
    expect(membersOf(' { "a" : [ 1 ] , "\\u0061" : 2 } ')).toEqual([
      ['"a"', '[ 1 ]'],
      ['"\\u0061"', '2'],
    ]);
    expect(elementsOf(' [ 1 , { } ] ')).toEqual(['1', '{ }']);
  });

  it.each(['{"a":1', '{"a":1,}', '{"a" 1}', '{a:1}', '{"a":1]', '[1', '[1,]', '[1}', '[1 2]'])('refuses %s', (text) => {
    expect(() => (text.startsWith('{') ? membersOf(text) : elementsOf(text))).toThrow(InvalidJson);
  });

  it.each([
    ['{}', true],
    [' { } ', true],
    ['[{"a":1}]', false],
    ['"{}"', false],
    ['null', false],
    ['{} {}', false],
    ['', false],
  ])('says whether %j is an object', (text, isObject) => {
    expect(isJsonObject(text)).toBe(isObject);
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
