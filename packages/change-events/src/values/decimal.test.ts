import * as fc from 'fast-check';
import { compareDecimals, isDecimal } from './decimal.ts';

describe('comparing decimals', () => {
  it.each([
    ['9007199254740993', '9007199254740992', 1],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345677', 1],
    ['1e2', '100', 0],
    ['1.0', '1', 0],
    ['-0', '0', 0],
    ['0.001', '1E-3', 0],
    ['-2', '-1', -1],
    ['-1', '1', -1],
    ['0', '0.1', -1],
    ['0', '-0.1', 1],
    ['9', '10', -1],
    ['0.09', '0.1', -1],
    ['1e125', '9e124', 1],
  ])('%s and %s', (one, other, expected) => {
    expect(Math.sign(compareDecimals(one, other))).toBe(expected);
    expect(Math.sign(compareDecimals(other, one)) + 0).toBe(0 - expected + 0);
  });

  it('is that of BigInt for whole numbers, however they are written', () => {
    const number = fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n });
    fc.assert(
      fc.property(number, number, fc.nat(5), (a, b, zeros) => {
        const expected = a < b ? -1 : Number(a > b);
        return Math.sign(compareDecimals(String(a), `${b}${'0'.repeat(zeros)}e-${zeros}`)) === expected;
      }),
    );
  });

  it.each(['', 'x', '01', '-01', '1.', '.5', '+1', '1e', 'NaN', '0x1'])('refuses %j', (text) => {
    expect(isDecimal(text)).toBe(false);
  });
});
