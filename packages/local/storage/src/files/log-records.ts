import { crc32c, unmask } from './crc32c.ts';

const blockBytes = 32_768;
const headerBytes = 7;
const types = { full: 1, first: 2, middle: 3, last: 4 };

/** The first place in a log that cannot be read. */
export interface LogDamage {
  /** Offset of the first byte that is not in a whole record. */
  readonly at: number;
  readonly reason: string;
  /**
   * Whether the log only ends too early: in the middle of a record, and all before it is whole. A killed process can
   * leave that. Anything else is damage.
   */
  readonly endsEarly: boolean;
}

export interface LogScan {
  /** Bytes up to the end of the last whole record before any damage. */
  readonly wholeBytes: number;
  readonly damage?: LogDamage;
}

/**
 * Reads the records of a log of LevelDB (a write-ahead log or a MANIFEST) up to the first damage.
 *
 * The format: blocks of 32 KiB. A record is in one or more fragments, each with a header of 7 bytes: a masked CRC-32C,
 * the length, and the type (full, first, middle, last). Fewer than 7 bytes at the end of a block are zeros.
 *
 * @param onRecord - gets each whole record, and the offset of its end
 */
export function scanLog(bytes: Buffer, onRecord: (record: Buffer, end: number) => void): LogScan {
  let at = 0;
  let wholeBytes = 0;
  let parts: Buffer[] = [];
  const damaged = (reason: string, endsEarly = false): LogScan => ({
    wholeBytes,
    damage: { at: wholeBytes, reason, endsEarly },
  });
  for (;;) {
    const left = blockBytes - (at % blockBytes);
    if (left < headerBytes) at += left;
    if (at >= bytes.length) break;
    if (at + headerBytes > bytes.length) return damaged('a record is cut short', true);
    const length = bytes.readUInt16LE(at + 4);
    const type = bytes[at + 6] as number; // Within the header.
    const start = at + headerBytes;
    const end = start + length;
    if (end > nextBlock(at)) return damaged('a record is longer than its block');
    if (end > bytes.length) return damaged('a record is cut short', true);
    if (crc32c(bytes, at + 6, end) !== unmask(bytes.readUInt32LE(at))) return damaged('a checksum is wrong');
    const continues = type === types.middle || type === types.last;
    if (type < types.full || type > types.last || continues !== parts.length > 0) {
      return damaged('a record has a wrong type');
    }
    parts.push(bytes.subarray(start, end));
    at = end;
    if (type === types.full || type === types.last) {
      onRecord(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), at);
      parts = [];
      wholeBytes = at;
    }
  }
  return parts.length > 0 ? damaged('a record is cut short', true) : { wholeBytes };
}

/**
 * Whether a record begins after a place that cannot be read. Records are written one after the other, so all bytes before
 * it were written once.
 */
export function beginsAgain(bytes: Buffer, damagedAt: number): boolean {
  const skipped =
    damagedAt + headerBytes + (damagedAt + headerBytes <= bytes.length ? bytes.readUInt16LE(damagedAt + 4) : 0);
  if (skipped < nextBlock(damagedAt) && isBeginning(bytes, skipped)) return true;
  for (let at = nextBlock(damagedAt); at < bytes.length; at += blockBytes) {
    for (let start = at; start < at + blockBytes; ) {
      const length = wholeLength(bytes, start);
      if (length === undefined) break;
      if (isBeginning(bytes, start)) return true;
      start += headerBytes + length;
    }
  }
  return false;
}

/** Returns the length of a fragment with a right checksum. */
function wholeLength(bytes: Buffer, at: number): number | undefined {
  if (at + headerBytes > bytes.length) return undefined;
  const length = bytes.readUInt16LE(at + 4);
  const end = at + headerBytes + length;
  if (end > bytes.length || end > nextBlock(at)) return undefined;
  return crc32c(bytes, at + 6, end) === unmask(bytes.readUInt32LE(at)) ? length : undefined;
}

const isBeginning = (bytes: Buffer, at: number): boolean =>
  wholeLength(bytes, at) !== undefined && (bytes[at + 6] === types.full || bytes[at + 6] === types.first);

const nextBlock = (at: number): number => (Math.floor(at / blockBytes) + 1) * blockBytes;
