import { isAnyArrayBuffer } from 'node:util/types';
import { setMember } from '../members.ts';

/**
 * Copies the input of an SDK command into the form of the protocol: bytes become base64, and undefined members are left
 * out. The store may modify the copy.
 */
export function toWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toWire);
  if (ArrayBuffer.isView(value)) return base64Of(value.buffer, value.byteOffset, value.byteLength);
  if (isAnyArrayBuffer(value)) return base64Of(value, 0, value.byteLength);
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    // Every member of the input is looked at, so its type does not matter.
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined) setMember(copy, name, typeof member === 'object' ? toWire(member) : member);
  }
  return copy;
}

const base64Of = (buffer: ArrayBufferLike, offset: number, length: number): string =>
  Buffer.from(buffer, offset, length).toString('base64');
