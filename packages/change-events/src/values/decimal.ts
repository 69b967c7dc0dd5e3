interface Decimal {
  readonly negative: boolean;
  /** The digits without zeros at either end. Empty for zero. */
  readonly digits: string;
  /** How many digits are before the decimal point; negative if zeros follow it. */
  readonly scale: number;
}

const form = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/** Whether the text is a number as JSON and DynamoDB write it. */
export const isDecimal = (text: string): boolean => form.test(text) && !/^-?0\d/.test(text);

/**
 * Compares two numbers of any length exactly, which JavaScript's own numbers cannot. They are texts for which `isDecimal`
 * is true.
 *
 * @returns a negative number, 0 or a positive number, as for `Array.sort`
 */
export function compareDecimals(one: string, other: string): number {
  const [a, b] = [parse(one), parse(other)];
  if (signOf(a) !== signOf(b)) return signOf(a) - signOf(b);
  return a.negative ? compareSizes(b, a) : compareSizes(a, b);
}

const signOf = ({ digits, negative }: Decimal): number => (digits === '' ? 0 : negative ? -1 : 1);

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.scale !== b.scale) return a.scale - b.scale;
  const length = Math.max(a.digits.length, b.digits.length);
  const [x, y] = [a.digits.padEnd(length, '0'), b.digits.padEnd(length, '0')];
  return x < y ? -1 : Number(x > y);
}

function parse(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = form.exec(text) ?? [];
  const written = `${whole}${fraction}`;
  const leading = /^0*/.exec(written)?.[0].length ?? 0;
  const digits = written.slice(leading).replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, scale: 0 };
  return { negative: sign === '-', digits, scale: whole.length - leading + Number(exponent) };
}
