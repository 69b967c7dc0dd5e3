import { promisify, types } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { UnusableData } from '@posthorn/core';
import { ForeignRow, type Row } from './row.ts';
import { writeUnitsOf } from './row-size.ts';

/** More bytes than this are worked on in a thread, so that other requests do not wait. For fewer, the thread costs more. */
const threadBytes = 32_768;

const deflateInThread = promisify(deflateRaw);
const inflateInThread = promisify(inflateRaw);

/** The row that a text is stored in. */
export interface PackedRow {
  /** The bytes of the rest of the row, with the attribute's name. */
  readonly otherBytes: number;
  /**
   * Shorter texts are stored as they are. Default: 1. Where write units cost nothing, a higher number saves the time
   * that deflating and inflating takes.
   */
  readonly deflateFrom?: number | undefined;
}

/** A text as it is stored in a row: unchanged, or its UTF-8 bytes deflated if the row then takes fewer write units. */
export function packText(text: string, row: PackedRow): string | Uint8Array {
  const plainBytes = Buffer.byteLength(text);
  return maySaveUnit(plainBytes, row) ? cheaperOf(text, plainBytes, { ...row, deflated: deflateRawSync(text) }) : text;
}

/** The same for a text that may be long. */
export async function packLongText(text: string, row: PackedRow): Promise<string | Uint8Array> {
  const plainBytes = Buffer.byteLength(text);
  if (plainBytes <= threadBytes || !maySaveUnit(plainBytes, row)) return packText(text, row);
  return cheaperOf(text, plainBytes, { ...row, deflated: await deflateInThread(text) });
}

/** Whether the row would take fewer units without the text. If not, deflating it would take time for nothing. */
const maySaveUnit = (plainBytes: number, { otherBytes, deflateFrom = 1 }: PackedRow): boolean =>
  plainBytes >= deflateFrom && writeUnitsOf(otherBytes + 1) < writeUnitsOf(otherBytes + plainBytes);

const cheaperOf = (
  text: string,
  plainBytes: number,
  { otherBytes, deflated }: PackedRow & { readonly deflated: Uint8Array },
): string | Uint8Array =>
  writeUnitsOf(otherBytes + deflated.length) < writeUnitsOf(otherBytes + plainBytes) ? deflated : text;

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

/** Whether the error says that a row is damaged: it has an invalid attribute, or bytes that cannot be inflated. */
export const isDamaged = (error: unknown): boolean =>
  error instanceof UnusableData ||
  (types.isNativeError(error) && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_'));
