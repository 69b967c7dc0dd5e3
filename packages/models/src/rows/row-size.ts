import type { Row } from './row.ts';

const unitBytes = 1_024;
const containerBytes = 3;
const entryBytes = 1;
/** Two digits take a byte, and the exponent takes one. */
const numberBytes = (value: number): number => Math.ceil(String(value).length / 2) + 1;

/** The write units of a row with this many bytes, in the table or in an index. */
export const writeUnitsOf = (bytes: number): number => Math.ceil(bytes / unitBytes);

/** The bytes of a row as DynamoDB counts them: names and values. Rather a byte too many than one too few. */
export function rowBytes(row: Row): number {
  let bytes = 0;
  for (const name of Object.keys(row))
    if (row[name] !== undefined) bytes += Buffer.byteLength(name) + valueBytes(row[name]);
  return bytes;
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberBytes(value);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce((sum, entry) => sum + entryBytes + valueBytes(entry), containerBytes);
  return 1;
}
