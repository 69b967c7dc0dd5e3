import { randomBytes, randomFillSync } from 'node:crypto';

const blockBytes = 4_096;

/**
 * Random bytes, taken from blocks: a call of the system's generator costs as much for one id as for hundreds. Bytes that
 * were handed out are erased from the block.
 */
export function createRandomBytes(): (count: number) => Uint8Array {
  const block = Buffer.alloc(blockBytes);
  let used = blockBytes;
  return (count) => {
    if (count > blockBytes) return randomBytes(count);
    if (used + count > blockBytes) {
      randomFillSync(block);
      used = 0;
    }
    const part = block.subarray(used, used + count);
    const bytes = Buffer.from(part);
    part.fill(0);
    used += count;
    return bytes;
  };
}
