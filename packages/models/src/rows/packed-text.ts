import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ForeignRow, type Row } from './row.ts';

/** Texts up to this size are stored as they are: compressing them would take more time than it saves write units. */
const plainBytes = 4_096;

/** A text as it is stored in a row: unchanged, or its UTF-8 bytes deflated if that is smaller. */
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
