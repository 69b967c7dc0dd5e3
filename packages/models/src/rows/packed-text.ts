import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ForeignRow, type Row } from './row.ts';

/** Up to this size a text is stored as it is: compression would not save a write unit worth its time. */
const plainBytes = 4_096;

/** A text as a row keeps it: itself, or its UTF-8 bytes deflated where that is smaller. */
export function packText(text: string): string | Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length <= plainBytes) return text;
  const deflated = deflateRawSync(bytes);
  return deflated.length < bytes.length ? deflated : text;
}

/** The text that was packed, byte for byte. */
export function unpackText(row: Row, attribute: string): string {
  const packed = row[attribute];
  if (typeof packed === 'string') return packed;
  if (packed instanceof Uint8Array) return inflateRawSync(packed).toString();
  throw new ForeignRow(attribute);
}
