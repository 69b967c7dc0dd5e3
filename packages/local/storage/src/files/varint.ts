/** Reads the numbers and texts of LevelDB's files one after the other. */
export interface Reader {
  readonly done: () => boolean;
  /** @throws RangeError if the bytes end before the number does */
  readonly number: () => number;
  /** @throws RangeError if the bytes end before the text does */
  readonly bytes: () => Buffer;
  readonly at: () => number;
  readonly skip: (count: number) => void;
}

export function createReader(source: Buffer): Reader {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = source[at];
      if (byte === undefined) throw new RangeError('The bytes end within a number');
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  return {
    done: () => at >= source.length,
    number,
    at: () => at,
    skip: (count) => {
      at += count;
    },
    bytes: () => {
      const length = number();
      if (at + length > source.length) throw new RangeError('The bytes end within a text');
      at += length;
      return source.subarray(at - length, at);
    },
  };
}
