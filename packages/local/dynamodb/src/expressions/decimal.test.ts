import fc from 'fast-check';
import { addNumbers, compareNumbers, subtractNumbers } from './decimal.ts';

const places = 6;
/** Generates a decimal with up to six places, and its value in millionths. */
const decimal = fc
  .bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
  .map((millionths) => ({ millionths, text: toText(millionths) }));

function toText(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(places + 1, '0');
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
  return millionths < 0n ? `-${text}` : text;
}

describe('numbers of 38 digits', () => {
  it('are added and subtracted exactly', () =>
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        expect(addNumbers(one.text, other.text)).toBe(toText(one.millionths + other.millionths));
        expect(subtractNumbers(one.text, other.text)).toBe(toText(one.millionths - other.millionths));
      }),
      { seed: 1 },
    ));

  it('are compared by value', () =>
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const difference = one.millionths - other.millionths;
        expect(Math.sign(compareNumbers(one.text, other.text))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
      { seed: 2 },
    ));

  it.each([
    ['0.1', '0.2', '0.3'],
    ['1', '-1', '0'],
    ['-0.5', '0.25', '-0.25'],
    ['99999999999999999999999999999999999999', '1', '100000000000000000000000000000000000000'],
  ])('%s and %s make %s', (one, other, sum) => {
    expect(addNumbers(one, other)).toBe(sum);
  });
});
