import { visitTokens } from './json-tokens.ts';

/** How deep a value may be nested to be written by `JSON.stringify`, which recurses. */
const maxStringifiedDepth = 1_000;
/** An exponent of more digits is compared as it is written, because arithmetic on it would be slow. */
const maxExponentDigits = 1_000;

/**
 * A text for a JSON value, so that two values have the same text exactly if they are the same value, however they are
 * written: white space, escapes and the notation of a number do not count.
 *
 * - Strings are compared by their characters, lone surrogates included.
 * - Numbers are compared by digits and exponent, which are never expanded: `1.0` = `1` = `10e-1`, `-0` = `0`, and
 *   `9007199254740993` is not `9007199254740992`.
 * - Objects and arrays are compared by their parts in the order in which they are written.
 *
 * If no other value has the same `JSON.stringify(JSON.parse(value))`, the text is that one: earlier versions formed the
 * groups of FIFO destinations with it, and groups must not change. Members then have the order of `JSON.parse`: names that
 * look like numbers come first, and a name that is given twice has its last value.
 *
 * @param value - a JSON text without white space around it
 */
export function exactTextOf(value: string): string {
  const { depth, exact } = describeNesting(value);
  if (exact && depth <= maxStringifiedDepth) return JSON.stringify(JSON.parse(value));
  const parts: string[] = [];
  /** A stretch of marks, which are taken as they are. */
  let [from, to] = [0, 0];
  visitTokens(value, (start, end) => {
    const isMark = '{}[],:'.includes(value.charAt(start));
    if (isMark && start === to) to = end;
    else {
      parts.push(value.slice(from, to));
      [from, to] = isMark ? [start, end] : [end, end];
      if (!isMark) parts.push(exactTokenOf(value.slice(start, end)));
    }
    return true;
  });
  parts.push(value.slice(from, to));
  return parts.join('');
}

function describeNesting(value: string): { readonly depth: number; readonly exact: boolean } {
  let open = 0;
  let depth = 0;
  let exact = true;
  visitTokens(value, (start, end) => {
    const first = value.charAt(start);
    if (first === '{' || first === '[') open += 1;
    else if (first === '}' || first === ']') open -= 1;
    else if (isNumber(first)) exact = isPrintedExactly(value.slice(start, end));
    depth = Math.max(depth, open);
    return exact && depth <= maxStringifiedDepth;
  });
  return { depth, exact };
}

function exactTokenOf(token: string): string {
  if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
  if (!isNumber(token)) return token;
  return isPrintedExactly(token) ? JSON.stringify(Number(token)) : normalNumber(token);
}

const isNumber = (token: string): boolean => /^[-\d]/.test(token);

/** Whether JavaScript prints the same number for it. */
function isPrintedExactly(token: string): boolean {
  const number = Number(token);
  if (String(number) === token) return true;
  return Number.isFinite(number) && normalNumber(String(number)) === normalNumber(token);
}

/** A number as `<digits>e<exponent>`. The digits neither begin nor end with a zero. */
function normalNumber(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const written = `${whole}${fraction}`;
  const start = indexOfNonZero(written);
  if (start === written.length) return '0';
  const end = endOfNonZero(written);
  return `${sign}${written.slice(start, end)}e${moveExponent(exponent, written.length - end - fraction.length)}`;
}

function moveExponent(exponent: string, by: number): string {
  const digits = exponent.replace(/^[+-]/, '');
  const significant = digits.slice(indexOfNonZero(digits));
  const sign = exponent.startsWith('-') && significant !== '' ? '-' : '';
  if (significant.length > maxExponentDigits) return `${sign}${significant}+${by}`;
  return String(BigInt(`${sign}${significant || '0'}`) + BigInt(by));
}

function indexOfNonZero(digits: string): number {
  let index = 0;
  while (digits[index] === '0') index += 1;
  return index;
}

function endOfNonZero(digits: string): number {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return end;
}
