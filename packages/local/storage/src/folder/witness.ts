import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

export const witnessName = 'WITNESS';

/**
 * What the folder must have, written beside it: the number of the last acknowledged change. LevelDB itself does not
 * notice that the end of its log is missing.
 */
export interface Witness {
  /** Id of the folder, as in its `IDENTITY`. */
  readonly id: string;
  /**
   * `open`: in use, or the process was killed. `failed`: a write failed, and the log may have more than was acknowledged.
   * `closed`: a clean stop.
   */
  readonly state: 'open' | 'failed' | 'closed';
  readonly durability: 'process' | 'machine';
  /** The boot of the machine in which the folder was opened. */
  readonly bootId: string;
  /** The number of the last change when the folder was opened. */
  readonly opened: number;
  /** The number of the last acknowledged change. */
  readonly last: number;
}

const magic = 'POSTHRN1';
const at = { state: 8, durability: 9, opened: 16, id: 24, bootId: 64, checksum: 112, last: 120, inverse: 128 };
const totalBytes = 136;
const states = ['open', 'failed', 'closed'] as const;
const durabilities = ['process', 'machine'] as const;

function encode(witness: Witness): Buffer {
  const bytes = Buffer.alloc(totalBytes);
  bytes.write(magic, 0, 'latin1');
  bytes[at.state] = states.indexOf(witness.state);
  bytes[at.durability] = durabilities.indexOf(witness.durability);
  bytes.writeDoubleLE(witness.opened, at.opened);
  bytes.write(witness.id, at.id, at.bootId - at.id, 'latin1');
  bytes.write(witness.bootId, at.bootId, at.checksum - at.bootId, 'latin1');
  bytes.writeUInt32LE(crc32(bytes.subarray(0, at.checksum)), at.checksum);
  encodeLast(bytes, witness.last);
  return bytes;
}

/** The number and its inverse: a check that costs nearly nothing. */
function encodeLast(bytes: Buffer, last: number): void {
  const high = Math.floor(last / 2 ** 32);
  bytes.writeInt32LE(last | 0, at.last);
  bytes.writeInt32LE(high, at.last + 4);
  bytes.writeInt32LE(~last, at.inverse);
  bytes.writeInt32LE(~high, at.inverse + 4);
}

/** Returns the witness in the bytes, or nothing if they are damaged. */
function decodeWitness(bytes: Buffer): Witness | undefined {
  if (bytes.length !== totalBytes || bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  if (crc32(bytes.subarray(0, at.checksum)) !== bytes.readUInt32LE(at.checksum)) return undefined;
  const [low, high] = [bytes.readUInt32LE(at.last), bytes.readInt32LE(at.last + 4)];
  if (bytes.readInt32LE(at.inverse) !== ~low || bytes.readInt32LE(at.inverse + 4) !== ~high) return undefined;
  const [state, durability] = [states[bytes[at.state] ?? -1], durabilities[bytes[at.durability] ?? -1]];
  if (state === undefined || durability === undefined) return undefined;
  const text = (start: number, end: number) => bytes.toString('latin1', start, end).replaceAll('\0', '');
  return {
    id: text(at.id, at.bootId),
    state,
    durability,
    bootId: text(at.bootId, at.checksum),
    opened: bytes.readDoubleLE(at.opened),
    last: high * 2 ** 32 + low,
  };
}

/** @returns nothing if the folder has no witness; `damaged` if it cannot be read */
export function readWitness(folder: string): Witness | 'damaged' | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, witnessName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return decodeWitness(bytes) ?? 'damaged';
}

/** Writes the witness of an open folder. All functions are synchronous, because a write of a few bytes is cheap. */
export interface WitnessWriter {
  /** Notes the number of the last change, before it is acknowledged. About 2 µs; not synced. */
  note(last: number): void;
  /** Writes the whole witness. */
  write(witness: Witness): void;
  sync(): void;
  close(): void;
}

export function openWitness(folder: string, first: Witness): WitnessWriter {
  const path = join(folder, witnessName);
  const file = openSync(path, 'a+');
  closeSync(file);
  const descriptor = openSync(path, 'r+');
  const bytes = encode(first);
  const write = (witness: Witness) => {
    writeSync(descriptor, encode(witness), 0, totalBytes, 0);
  };
  write(first);
  return {
    note: (last) => {
      encodeLast(bytes, last);
      writeSync(descriptor, bytes, at.last, totalBytes - at.last, at.last);
    },
    write,
    sync: () => fdatasyncSync(descriptor),
    close: () => closeSync(descriptor),
  };
}
