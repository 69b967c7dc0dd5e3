import * as fc from 'fast-check';
import { exactTextOf } from './exact-value.ts';

const nested = (depth: number, inner = '') => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;

describe('the exact text of a number', () => {
  it.each([
    ['0', ['0', '-0', '0.0', '-0.00', '0e5', '0E-5', '0e999999999', '-0e99999999999999999999']],
    ['1', ['1', '1.0', '10e-1', '0.1e1', '0.1E+1', '100e-2', '1e0', '1e-0', '1e000', '0.001e3']],
    ['-1.5', ['-1.5', '-15e-1', '-1.50', '-0.15e01']],
    ['1e+21', ['1e21', '1000000000000000000000', '1.0E+21']],
    ['1e-7', ['1e-7', '0.0000001', '0.1e-6']],
    ['9007199254740992', ['9007199254740992', '9007199254740992.0', '9007199254740992e0']],
    ['0.1', ['0.1', '0.10', '1e-1']],
    ['9007199254740993e0', ['9007199254740993', '9007199254740993.0', '90071992547409930e-1']],
    ['-9007199254740993e0', ['-9007199254740993']],
    ['1e999999999', ['1e999999999', '1e+999999999', '10e999999998', '0.1e1000000000', '1e0999999999']],
    ['-1e999999999', ['-1e999999999', '-1.0e999999999']],
    ['1e-999999999', ['1e-999999999', '0.1e-999999998', '10e-1000000000']],
    ['1e99999999999999999999', ['1e99999999999999999999', '10e99999999999999999998', '0.1e100000000000000000000']],
    ['1e-99999999999999999999', ['1e-99999999999999999999', '10e-100000000000000000000']],
    ['10000000000000000000000000001e-29', ['0.10000000000000000000000000001', '0.100000000000000000000000000010']],
  ])('is %s in every notation of it', (text, notations) => {
    expect(notations.map(exactTextOf)).toEqual(notations.map(() => text));
  });

  it('differs for numbers that JavaScript cannot tell apart', () => {
    const numbers = [
      '1e400',
      '1e401',
      '-1e400',
      'null',
      '1e-400',
      '1e-401',
      '0',
      '9007199254740992',
      '9007199254740993',
    ];
    expect(new Set(numbers.map(exactTextOf)).size).toBe(numbers.length);
  });

  it('costs nothing for a huge exponent, and for a huge number of digits', () => {
    const digits = '7'.repeat(300_000);
    const zeros = '0'.repeat(300_000);
    expect(exactTextOf(`1${zeros}1`)).toBe(`1${zeros}1e0`);
    expect(exactTextOf(`${digits}${zeros}`)).toBe(`${digits}e300000`);
    expect(exactTextOf(`0.${zeros}${digits}`)).toBe(`${digits}e-600000`);
  });

  it('takes an exponent of more than a thousand digits as it is written', () => {
    const exponent = '9'.repeat(1_000);
    expect(exactTextOf(`10e${exponent}`)).toBe(`1e1${'0'.repeat(1_000)}`);
    expect(exactTextOf(`10e9${exponent}`)).toBe(`1e9${exponent}+1`);
    expect(exactTextOf(`1.5e-00009${exponent}`)).toBe(`15e-9${exponent}+-1`);
    expect(exactTextOf(`1e+9${exponent}`)).toBe(`1e9${exponent}+0`);
  });

  const anyDigits = fc.stringMatching(/^[1-9]\d{0,24}$/);

  it('is the same for the same number in any notation, and differs for different numbers', () => {
    const anyNumber = fc.record({
      negative: fc.boolean(),
      digits: anyDigits,
      exponent: fc.integer({ min: -400, max: 400 }),
    });
    type Decimal = { negative: boolean; digits: string; exponent: number };
    const write = ({ negative, digits, exponent }: Decimal, point: number, zeros: number): string => {
      const all = `${digits}${'0'.repeat(zeros)}`;
      const cut = point % all.length;
      const sign = negative ? '-' : '';
      const moved = exponent - zeros + all.length - cut;
      return cut === 0 ? `${sign}0.${all}e${moved}` : `${sign}${all.slice(0, cut)}.${all.slice(cut)}E${moved}`;
    };
    const scaled = ({ negative, digits, exponent }: Decimal) =>
      (negative ? -1n : 1n) * BigInt(digits) * 10n ** BigInt(exponent + 400);
    fc.assert(
      fc.property(anyNumber, anyNumber, fc.nat(30), fc.nat(5), (one, other, point, zeros) => {
        const plain = exactTextOf(`${one.negative ? '-' : ''}${one.digits}e${one.exponent}`);
        expect(exactTextOf(write(one, point, zeros))).toBe(plain);
        const same = exactTextOf(write(other, point, zeros)) === plain;
        expect(same).toBe(scaled(one) === scaled(other));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('differs for two neighbouring integers of any length', () => {
    fc.assert(
      fc.property(anyDigits, (digits) => {
        expect(exactTextOf(digits)).not.toBe(exactTextOf(String(BigInt(digits) + 1n)));
      }),
      { seed: 1 },
    );
  });

  it('is what JavaScript prints, for every number that it prints', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(exactTextOf(JSON.stringify(number))).toBe(JSON.stringify(number));
      }),
      { seed: 1 },
    );
  });
});

describe('the exact text of a string', () => {
  it.each([
    ['an escaped letter', '"\\u0061"', '"a"'],
    ['an escaped slash', '"\\/"', '"/"'],
    ['a surrogate pair', '"\\ud83d\\udce8"', '"\u{1F4E8}"'],
    ['a lone surrogate', '"\\ud800"', '"\\ud800"'],
    ['a lone surrogate in capitals', '"\\uD800"', '"\\ud800"'],
    ['a word', 'true', 'true'],
    ['nothing', 'null', 'null'],
  ])('reads %s', (_, value, text) => {
    expect(exactTextOf(value)).toBe(text);
  });

  it('differs for strings that look alike', () => {
    const texts = [
      '"\\ud800"',
      '"\\ud801"',
      '"\\ufffd"',
      '"\u{FFFD}x"',
      '""',
      '"null"',
      'null',
      '"1"',
      '1',
      '"\\\\ud800"',
    ];
    expect(new Set(texts.map(exactTextOf)).size).toBe(texts.length);
  });

  it('is the same for the same string with any escapes, and differs for different strings', () => {
    const escaped = (text: string) =>
      `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
    const anyText = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(exactTextOf(escaped(one))).toBe(JSON.stringify(one));
        expect(exactTextOf(escaped(one)) === exactTextOf(escaped(other))).toBe(one === other);
      }),
      { seed: 1 },
    );
  });
});

describe('the exact text of an object or array', () => {
  it.each([
    ['{"b":1,"a":[1.0, true]}', '{"b":1,"a":[1,true]}'],
    [' { "a" : "\\u0061" }', '{"a":"a"}'],
    ['{"x":1,"2":1,"x":3}', '{"2":1,"x":3}'],
    ['[]', '[]'],
    ['{}', '{}'],
  ])('of %s is that of JSON.stringify', (value, text) => {
    expect(exactTextOf(value)).toBe(text);
  });

  it.each([
    ['[9007199254740993]', '[9007199254740993e0]'],
    ['{"b": {"n" : 1e400 }, "\\u0061":[1.0,"\\/",null , -1e400]}', '{"b":{"n":1e400},"a":[1,"/",null,-1e400]}'],
    ['{"x":"]","x":1e400}', '{"x":"]","x":1e400}'],
  ])('of %s, which JSON.stringify would change, is made of its parts', (value, text) => {
    expect(exactTextOf(value)).toBe(text);
  });

  it('does not read digits in strings and names as numbers', () => {
    expect(exactTextOf('{"9007199254740993":"1e400"}')).toBe('{"9007199254740993":"1e400"}');
  });

  it('is the same by both algorithms at the depth where they meet', () => {
    for (const depth of [999, 1_000, 1_001, 1_002])
      expect(exactTextOf(nested(depth, ' 1.0 '))).toBe(nested(depth, '1'));
  });

  it('reads a value by its parts only if it is nested more than a thousand deep', () => {
    const twice = '{"x":1,"x":2}';
    expect(exactTextOf(nested(999, twice))).toBe(nested(999, '{"x":2}'));
    expect(exactTextOf(nested(1_000, twice))).toBe(nested(1_000, twice));
    expect(exactTextOf(`[${'[],{},'.repeat(2_000)}${twice}]`)).toBe(`[${'[],{},'.repeat(2_000)}{"x":2}]`);
  });

  it('is the same for the same value with any white space, and differs for different values', () => {
    const space = fc.constantFrom('', ' ', '\t', '\r\n  ');
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), space, fc.boolean(), (one, other, gap, exact) => {
        const write = (value: unknown, by: string) => JSON.stringify([exact ? 0 : 'inexact', value], null, by);
        const text = (value: unknown, by: string) => exactTextOf(write(value, by).replace('"inexact"', '1e400'));
        expect(text(one, gap)).toBe(text(one, ''));
        expect(text(one, gap) === text(other, '')).toBe(write(one, '') === write(other, ''));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
