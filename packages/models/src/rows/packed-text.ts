import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { ForeignRow, type Row } from './row.ts';

/** Texts up to this size are stored as they are: compressing them would take more time than it saves write units. */
const plainBytes = 4_096;
/** More bytes than this are worked on in a thread, so that other requests do not wait. For fewer, the thread costs more. */
const threadBytes = 32_768;

const deflateInThread = promisify(deflateRaw);
const inflateInThread = promisify(inflateRaw);

/** A text as it is stored in a row: unchanged, or its UTF-8 bytes deflated if that is smaller. */
export function packText(text: string): string | Uint8Array {
  if (isShort(text)) return text;
  const bytes = Buffer.from(text);
  return shorterOf(text, bytes, deflateRawSync(bytes));
}

/** The same for a text that may be long. */
export async function packLongText(text: string): Promise<string | Uint8Array> {
  if (isShort(text)) return text;
  const bytes = Buffer.from(text);
  return shorterOf(text, bytes, bytes.length <= threadBytes ? deflateRawSync(bytes) : await deflateInThread(bytes));
}

const isShort = (text: string): boolean => text.length <= plainBytes && Buffer.byteLength(text) <= plainBytes;

const shorterOf = (text: string, bytes: Uint8Array, deflated: Uint8Array): string | Uint8Array =>
  deflated.length < bytes.length ? deflated : text;

/** The text that was packed, byte for byte. */
export function unpackText(row: Row, attribute: string): string {
  const packed = row[attribute];
  if (typeof packed === 'string') return packed;
  if (packed instanceof Uint8Array) return inflateRawSync(packed).toString();
  throw new ForeignRow(attribute);
}

/** The bytes that were deflated. */
export const inflate = async (deflated: Uint8Array): Promise<Buffer> =>
  deflated.length <= threadBytes ? inflateRawSync(deflated) : inflateInThread(deflated);
