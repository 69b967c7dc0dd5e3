interface Decimal {
  readonly digits: bigint;
  /** The value is `digits` times ten to the power of this. */
  readonly exponent: number;
}

/** Whether a number is a multiple of another one, as decimals: 19.99 is a multiple of 0.01. */
export function isMultipleOf(value: number, divisor: number): boolean {
  // 1e999 is valid JSON.
  if (!Number.isFinite(value)) return false;
  const [one, other] = [toDecimal(value), toDecimal(divisor)];
  const exponent = Math.min(one.exponent, other.exponent);
  const scale = (decimal: Decimal): bigint => decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
  return scale(one) % scale(other) === 0n;
}

/** The shortest decimal that means this number: what was written, but for numbers with more digits than a double has. */
function toDecimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toString().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
