const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The digit of each character code; -1 for a character that is no digit. */
const digits = Int8Array.from({ length: 128 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)));

/** Five digits are worked on at a time. All products stay far below 2^53, so that no BigInt is needed. */
const groupLength = 5;
const groupBase = 62 ** groupLength;
const limbBase = 0x1_0000;

/** The number of big-endian `bytes` (an even count) as `length` digits of base62, with zeros in front. */
export function encodeBase62(bytes: Uint8Array, length: number): string {
  const limbs: number[] = [];
  for (let index = 0; index < bytes.length; index += 2) limbs.push((bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0));
  const codes = Buffer.allocUnsafe(length);
  let group = 0;
  for (let count = 0; count < length; count += 1) {
    if (count % groupLength === 0) group = divideBy(groupBase, limbs);
    const higher = Math.floor(group / 62);
    codes[length - 1 - count] = alphabet.charCodeAt(group - higher * 62);
    group = higher;
  }
  return codes.toString('latin1');
}

/** The number that the digits give, as `length` big-endian bytes (an even count). */
export function decodeBase62(text: string, length: number): Buffer {
  const limbs = new Array<number>(length / 2).fill(0);
  for (let start = 0; start < text.length; start += groupLength) {
    const end = Math.min(start + groupLength, text.length);
    let group = 0;
    let base = 1;
    for (let index = start; index < end; index += 1) {
      group = group * 62 + digitAt(text, index);
      base *= 62;
    }
    multiplyAndAdd(limbs, base, group);
  }
  const bytes = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index += 1) {
    const limb = limbs[index >> 1] ?? 0;
    bytes[index] = index % 2 === 0 ? limb >> 8 : limb & 0xff;
  }
  return bytes;
}

/** The digit at a place of a text. Characters that are no digits count as 0. */
export const digitAt = (text: string, index: number): number => Math.max(0, digits[text.charCodeAt(index)] ?? 0);

/**
 * Divides in place, and returns the rest. The most significant limb is the first one. The rest is what the product leaves:
 * `%` takes many times as long for numbers above 2^31.
 */
function divideBy(divisor: number, limbs: number[]): number {
  let rest = 0;
  for (let index = 0; index < limbs.length; index += 1) {
    const value = rest * limbBase + (limbs[index] ?? 0);
    const quotient = Math.floor(value / divisor);
    limbs[index] = quotient;
    rest = value - quotient * divisor;
  }
  return rest;
}

function multiplyAndAdd(limbs: number[], factor: number, addend: number): void {
  let carry = addend;
  for (let index = limbs.length - 1; index >= 0; index -= 1) {
    const value = (limbs[index] ?? 0) * factor + carry;
    carry = Math.floor(value / limbBase);
    limbs[index] = value - carry * limbBase;
  }
}
