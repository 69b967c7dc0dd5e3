import { significantDigits } from '../expressions/decimal.ts';
import type { AttributeValue, Item } from '../values.ts';

const containerBytes = 3;
const entryBytes = 1;

/** Returns the size of an item in bytes as DynamoDB counts it: names and values. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.M !== undefined) return containerBytes + entryBytes * Object.keys(value.M).length + itemSize(value.M);
  if (value.L !== undefined)
    return value.L.reduce((sum, member) => sum + entryBytes + valueSize(member), containerBytes);
  if (value.SS !== undefined) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (value.NS !== undefined) return value.NS.reduce((sum, number) => sum + numberSize(number), 0);
  if (value.BS !== undefined) return value.BS.reduce((sum, bytes) => sum + Buffer.byteLength(bytes, 'base64'), 0);
  return 1;
}

/** Returns the size of a number: a byte for two digits, a byte for the exponent, and a byte for a minus. */
export function numberSize(number: string): number {
  const { digits, exponent } = countDigits(number);
  if (digits === 0) return 1;
  const isAligned = digits % 2 !== 0 || exponent % 2 !== 0;
  return 1 + Math.ceil(digits / 2) + (isAligned ? 0 : 1) + (number.startsWith('-') ? 1 : 0);
}

const zero = '0'.charCodeAt(0);
const minus = '-'.charCodeAt(0);

/** Returns the count of significant digits, and the exponent of the first one. Most numbers are whole. */
function countDigits(number: string): { readonly digits: number; readonly exponent: number } {
  const first = number.charCodeAt(0);
  if (number.includes('.') || first === zero || (first === minus && number.charCodeAt(1) === zero)) {
    const { digits, exponent } = significantDigits(number);
    return { digits: digits.length, exponent };
  }
  const all = number.length - (first === minus ? 1 : 0);
  let end = number.length;
  while (number.charCodeAt(end - 1) === zero) end -= 1;
  return { digits: all - (number.length - end), exponent: all - 1 };
}
