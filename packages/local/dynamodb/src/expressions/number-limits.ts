import { validationFailure } from '../failure.ts';
import type { AttributeValue } from '../values.ts';
import { significantDigits } from './decimal.ts';

const mostDigits = 38;
const largestExponent = 125;
const smallestExponent = -130;

/**
 * Converts a sum to a value. It checks the limits of all numbers.
 *
 * @throws RequestFailure
 */
export function checkNumber(number: string): AttributeValue {
  const { digits, exponent } = significantDigits(number);
  if (digits === '') return { N: '0' };
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
