/** A number as DynamoDB has it: at most 38 digits and an exponent, so that sums are exact. */
interface Decimal {
  readonly digits: bigint;
  /** How many of the digits stand behind the point. */
  readonly scale: number;
}

const pattern = /^(-?)(\d*)\.?(\d*)$/;

/** Reads a number as the rules of requests leave it: plain digits, no exponent. */
function parse(text: string): Decimal {
  const [, sign = '', whole = '', fraction = ''] = pattern.exec(text) ?? [];
  return { digits: BigInt(`${sign}${whole}${fraction}` || '0'), scale: fraction.length };
}

const aligned = (one: Decimal, other: Decimal): readonly [bigint, bigint, number] => {
  const scale = Math.max(one.scale, other.scale);
  const at = ({ digits, scale: own }: Decimal) => digits * 10n ** BigInt(scale - own);
  return [at(one), at(other), scale];
};

/** Below, at or above 0 as the first number is smaller, equal or larger. */
export function compareNumbers(one: string, other: string): number {
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

/** A number's digits without needless zeros, and the power of ten of the first of them; no digits for zero. */
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
