import { type FileHandle, open } from 'node:fs/promises';
import { crc32c, unmask } from './crc32c.ts';
import { unpackSnappy } from './snappy.ts';
import { createReader } from './varint.ts';

const footerBytes = 48;
const magic = Buffer.from('57fb808b247547db', 'hex');
/** After each block: whether it is packed (1 byte) and a masked checksum (4 bytes). */
const trailerBytes = 5;
const wordBytes = 4;

interface Block {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Reads a table file of LevelDB and returns what is wrong with it, or nothing.
 *
 * The format: blocks of rows, blocks about them, an index with the place of each block of rows, and a footer with the
 * place of the index. Each byte before the footer belongs to a block with a checksum.
 *
 * @param depth - `ends`: only the footer and the index; `whole`: all blocks
 */
export async function checkTable(path: string, depth: 'ends' | 'whole'): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await check(file, size, depth);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  } finally {
    await file.close();
  }
}

async function check(file: FileHandle, size: number, depth: 'ends' | 'whole'): Promise<string | undefined> {
  if (size < footerBytes) return 'is too short';
  const footer = await read(file, size - footerBytes, footerBytes);
  if (!footer.subarray(-magic.length).equals(magic)) return 'has a damaged end';
  const reader = createReader(footer);
  const meta = readBlockPlace(reader);
  const index = readBlockPlace(reader);
  const isPadded = footer.subarray(reader.at(), -magic.length).every((byte) => byte === 0);
  if (!isPadded || index.offset + index.bytes + trailerBytes !== size - footerBytes) return 'has a damaged end';
  const rows = placesIn(await readBlock(file, index));
  const others = placesIn(await readBlock(file, meta));
  // Blocks follow each other without a gap. A place that is wrong is found here.
  let end = 0;
  for (const { offset, bytes } of [...rows, ...others, meta, index]) {
    if (offset !== end) return `has a gap at byte ${end}`;
    end = offset + bytes + trailerBytes;
  }
  if (depth === 'whole') await readAll(file, [...rows, ...others]);
  return undefined;
}

const chunkBytes = 2 ** 20;

/** Checks blocks that follow each other, and reads many at once. */
async function readAll(file: FileHandle, blocks: readonly Block[]): Promise<void> {
  let chunk: Block[] = [];
  let bytes = 0;
  const flush = async () => {
    const first = chunk[0];
    if (first === undefined) return;
    const all = await read(file, first.offset, bytes);
    for (const block of chunk) {
      const start = block.offset - first.offset;
      checkBlock(all.subarray(start, start + block.bytes + trailerBytes), block);
    }
    chunk = [];
    bytes = 0;
  };
  for (const block of blocks) {
    chunk.push(block);
    bytes += block.bytes + trailerBytes;
    if (bytes >= chunkBytes) await flush();
  }
  await flush();
}

async function read(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  if (bytesRead < bytes) throw new RangeError(`ends at byte ${offset + bytesRead}`);
  return buffer;
}

async function readBlock(file: FileHandle, block: Block): Promise<Buffer> {
  const bytes = await read(file, block.offset, block.bytes + trailerBytes);
  checkBlock(bytes, block);
  const content = bytes.subarray(0, block.bytes);
  return bytes[block.bytes] === 1 ? unpackSnappy(content) : content;
}

function checkBlock(bytes: Buffer, { offset, bytes: length }: Block): void {
  // The checksum is of the content and the byte that says whether it is packed.
  if (crc32c(bytes, 0, length + 1) !== unmask(bytes.readUInt32LE(length + 1))) {
    throw new RangeError(`has a wrong checksum in the block at byte ${offset}`);
  }
}

/**
 * Returns the places in a block of an index. An entry has the lengths of its key (shared with the key before it, and its
 * own) and of its value, then both. At the end is a list of restart points and their count.
 */
function placesIn(block: Buffer): Block[] {
  const restarts = block.readUInt32LE(block.length - wordBytes);
  const reader = createReader(block.subarray(0, block.length - wordBytes * (restarts + 1)));
  const places: Block[] = [];
  while (!reader.done()) {
    reader.number();
    const keyBytes = reader.number();
    const valueBytes = reader.number();
    reader.skip(keyBytes);
    const start = reader.at();
    places.push(readBlockPlace(reader));
    if (reader.at() !== start + valueBytes) throw new RangeError('has a damaged index');
  }
  return places;
}

const readBlockPlace = (reader: ReturnType<typeof createReader>): Block => ({
  offset: reader.number(),
  bytes: reader.number(),
});
