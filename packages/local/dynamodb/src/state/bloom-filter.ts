/** A set of texts that needs ten bits for each, whatever their length. It cannot forget one. */
export interface BloomFilter {
  add(text: string): void;
  /** False is certain. True is wrong for a few percent of the texts that were not added. */
  mayHave(text: string): boolean;
}

/** All bits of a text are in one block: the 64 bytes that a processor loads together. */
const blockWords = 16;
const bitsPerText = 10;
const bitsSet = 4;

/** A part of the filter. When it is full, a new one of twice the size takes the next texts. */
interface Layer {
  readonly words: Uint32Array;
  /** How many more texts it takes. */
  room: number;
}

const createLayer = (bytes: number): Layer => ({
  words: new Uint32Array(bytes / 4),
  room: Math.floor((bytes * 8) / bitsPerText),
});

/**
 * @param firstBytes - the size at first
 * @param maxBytes - the size to which it grows with its texts. Beyond that, it is wrong more often
 */
export function createBloomFilter(firstBytes: number, maxBytes: number): BloomFilter {
  let last = createLayer(firstBytes);
  const layers = [last];
  let bytes = firstBytes;
  return {
    add(text) {
      const next = last.words.byteLength * 2;
      if (last.room <= 0 && bytes + next <= maxBytes) {
        last = createLayer(next);
        layers.push(last);
        bytes += next;
      }
      last.room -= 1;
      const { words } = last;
      const hash = hashOf(text);
      const start = blockOf(words, hash);
      let bits = hash;
      for (let count = 0; count < bitsSet; count += 1) {
        bits = Math.imul(bits, spread);
        const word = start + (bits >>> 28);
        words[word] = (words[word] ?? 0) | (1 << ((bits >>> 23) & 31));
      }
    },
    mayHave(text) {
      const hash = hashOf(text);
      return layers.some(({ words }) => hasBits(words, blockOf(words, hash), hash));
    },
  };
}

function hasBits(words: Uint32Array, start: number, hash: number): boolean {
  let bits = hash;
  for (let count = 0; count < bitsSet; count += 1) {
    bits = Math.imul(bits, spread);
    if (((words[start + (bits >>> 28)] ?? 0) & (1 << ((bits >>> 23) & 31))) === 0) return false;
  }
  return true;
}

const blockOf = (words: Uint32Array, hash: number): number => (hash % (words.length / blockWords)) * blockWords;

/** An odd number with bits all over: multiplying moves every bit into the upper ones. */
const spread = 0x9e3779b1;

/** FNV-1a, with its bits mixed once more. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
