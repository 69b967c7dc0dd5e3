/** A number as integer digits and a scale, so that sums are exact. */
interface Decimal {
  readonly digits: bigint;
  /** How many of the digits are after the decimal point. */
  readonly scale: number;
}

const pattern = /^(-?)(\d*)\.?(\d*)$/;

/** Parses a number of a checked request, which has no exponent. */
function parse(text: string): Decimal {
  const [, sign = '', whole = '', fraction = ''] = pattern.exec(text) ?? [];
  return { digits: BigInt(`${sign}${whole}${fraction}` || '0'), scale: fraction.length };
}

const aligned = (one: Decimal, other: Decimal): readonly [bigint, bigint, number] => {
  const scale = Math.max(one.scale, other.scale);
  const at = ({ digits, scale: own }: Decimal) => digits * 10n ** BigInt(scale - own);
  return [at(one), at(other), scale];
};

/** Numbers up to this length keep their order as floating point numbers: they have at most 15 digits. */
const exactLength = 15;

/** Returns a number below 0, 0 or above 0 if the first number is smaller, equal or larger. */
export function compareNumbers(one: string, other: string): number {
  if (one.length <= exactLength && other.length <= exactLength) return Number(one) - Number(other);
  const [first, second] = aligned(parse(one), parse(other));
  return first < second ? -1 : first > second ? 1 : 0;
}

export function addNumbers(one: string, other: string): string {
  const [first, second, scale] = aligned(parse(one), parse(other));
  return format(first + second, scale);
}

export function subtractNumbers(one: string, other: string): string {
  const [first, second, scale] = aligned(parse(one), parse(other));
  return format(first - second, scale);
}

/** Returns the digits without leading and trailing zeros, and the exponent of the first digit. Zero has no digits. */
export function significantDigits(number: string): { readonly digits: string; readonly exponent: number } {
  const [, , whole = '', fraction = ''] = pattern.exec(number) ?? [];
  const all = `${whole}${fraction}`;
  const zeros = /^0*/.exec(all)?.[0].length ?? 0;
  return { digits: all.slice(zeros).replace(/0+$/, ''), exponent: whole.length - 1 - zeros };
}

function format(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
