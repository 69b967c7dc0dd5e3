import { validationFailure } from '../failure.ts';
import type { AttributeValue } from '../values.ts';

const mostDigits = 38;
const largestExponent = 125;
const smallestExponent = -130;

/**
 * A sum as a value, if it is within the limits that every number has.
 *
 * @throws RequestFailure
 */
export function checkNumber(number: string): AttributeValue {
  const [whole = '', fraction = ''] = number.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '').replace(/0+$/, '');
  if (digits === '') return { N: '0' };
  const exponent = whole === '0' ? -1 - (/^0*/.exec(fraction)?.[0].length ?? 0) : whole.length - 1;
  if (exponent > largestExponent)
    throw validationFailure('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (exponent < smallestExponent)
    throw validationFailure(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  if (digits.length > mostDigits)
    throw validationFailure('Attempting to store more than 38 significant digits in a Number');
  return { N: number };
}
