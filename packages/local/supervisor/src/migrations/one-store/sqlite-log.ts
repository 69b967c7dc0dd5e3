import { readFile } from 'node:fs/promises';

/** Sizes and places in a write-ahead log of SQLite: https://sqlite.org/fileformat2.html#the_write_ahead_log */
const headerBytes = 32;
const frameHeaderBytes = 24;
const magic = 0x377f0682;

/** Places in the index of a log: https://sqlite.org/walformat.html */
const indexBytes = 136;
const indexVersion = 3_007_000;
const indexHeaderBytes = 48;

/**
 * Finds damage in the write-ahead log of an SQLite database, before SQLite opens it. SQLite itself leaves out everything
 * from the first damaged frame on, without an error.
 *
 * A log is a header and frames. A frame is a page of the database, with a checksum over all frames so far. Frames of an
 * earlier round can follow: they have other salts. The index beside the log (`-shm`) says how many frames were committed,
 * and stays there after a kill.
 *
 * @param database - path of the database's file
 * @returns what is wrong with the log, or nothing
 */
export async function findLogDamage(database: string): Promise<string | undefined> {
  const [log, index] = await Promise.all([readIfThere(`${database}-wal`), readIfThere(`${database}-shm`)]);
  return judgeLog(log, index && readIndex(index));
}

function judgeLog(log: Buffer | undefined, index: LogIndex | undefined): string | undefined {
  const needed = index ? index.committed > index.inDatabase : false;
  if (!log || log.length === 0) return needed ? 'is missing' : undefined;
  const header = readHeader(log);
  if (!header) return needed || log.length > headerBytes ? 'has a damaged beginning' : undefined;
  const { committed, firstBad, lastOfThisRound } = readFrames(log, header);
  if (firstBad <= lastOfThisRound) return `is damaged at frame ${firstBad} of ${lastOfThisRound}`;
  if (!index || !needed) return undefined;
  if (!index.salts.equals(header.salts)) return 'does not belong to its index';
  return committed < index.committed ? `has ${committed} whole frames, but ${index.committed} were written` : undefined;
}

interface LogHeader {
  readonly pageBytes: number;
  readonly salts: Buffer;
  readonly sum: Checksum;
  readonly isBigEndian: boolean;
}

function readHeader(log: Buffer): LogHeader | undefined {
  if (log.length < headerBytes) return undefined;
  const found = log.readUInt32BE(0);
  if (found !== magic && found !== magic + 1) return undefined;
  const isBigEndian = found === magic + 1;
  const sum = addTo([0, 0], log.subarray(0, 24), isBigEndian);
  if (!matches(sum, log, 24)) return undefined;
  return { pageBytes: log.readUInt32BE(8), salts: log.subarray(16, 24), sum, isBigEndian };
}

interface Frames {
  /** Number of the last frame that ends a transaction, from 1, with only whole frames before it. */
  readonly committed: number;
  /** Number of the first frame that is not whole. */
  readonly firstBad: number;
  /** Number of the last frame that has the salts of this round, whole or not. */
  readonly lastOfThisRound: number;
}

function readFrames(log: Buffer, { pageBytes, salts, sum: start, isBigEndian }: LogHeader): Frames {
  const frameBytes = frameHeaderBytes + pageBytes;
  const count = Math.floor((log.length - headerBytes) / frameBytes);
  let sum = start;
  let committed = 0;
  let firstBad: number | undefined;
  let lastOfThisRound = 0;
  for (let number = 1; number <= count; number += 1) {
    const frame = log.subarray(headerBytes + (number - 1) * frameBytes, headerBytes + number * frameBytes);
    const isOfThisRound = frame.subarray(8, 16).equals(salts);
    if (isOfThisRound) lastOfThisRound = number;
    if (firstBad !== undefined) continue;
    sum = addTo(addTo(sum, frame.subarray(0, 8), isBigEndian), frame.subarray(frameHeaderBytes), isBigEndian);
    if (!isOfThisRound || !matches(sum, frame, 16)) firstBad = number;
    else if (frame.readUInt32BE(4) !== 0) committed = number;
  }
  return { committed, firstBad: firstBad ?? count + 1, lastOfThisRound };
}

interface LogIndex {
  readonly committed: number;
  /** Frames whose pages are already in the database. */
  readonly inDatabase: number;
  readonly salts: Buffer;
}

/** Reads what the last process knew. Nothing if it was killed while it wrote the index. */
function readIndex(index: Buffer): LogIndex | undefined {
  if (index.length < indexBytes) return undefined;
  const first = index.subarray(0, indexHeaderBytes);
  const isLittleEndian = first.readUInt32LE(0) === indexVersion;
  const isInitialised = first[12] === 1;
  const isTorn = !first.equals(index.subarray(indexHeaderBytes, 2 * indexHeaderBytes));
  if (!isLittleEndian || !isInitialised || isTorn) return undefined;
  return { committed: first.readUInt32LE(16), inDatabase: index.readUInt32LE(96), salts: first.subarray(32, 40) };
}

type Checksum = readonly [number, number];

/** Adds words of four bytes to a checksum, two at a time. */
function addTo([first, second]: Checksum, bytes: Buffer, isBigEndian: boolean): Checksum {
  let [a, b] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
    b = (b + (isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}

const matches = ([first, second]: Checksum, bytes: Buffer, at: number): boolean =>
  bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
