const kinds = { literal: 0, near: 1, far: 2 };

/**
 * Unpacks a block that LevelDB has packed with Snappy.
 *
 * The format: the length of the result, then literal bytes and copies of earlier bytes. The lowest two bits of a tag say
 * which.
 *
 * @throws RangeError if the block is damaged
 */
export function unpackSnappy(source: Uint8Array): Buffer {
  let at = 0;
  const byte = (): number => {
    const value = source[at];
    if (value === undefined) throw new RangeError('has a packed block that ends too early');
    at += 1;
    return value;
  };
  const littleEndian = (count: number): number => {
    let value = 0;
    for (let place = 0; place < count; place += 1) value += byte() * 256 ** place;
    return value;
  };
  let length = 0;
  for (let factor = 1, more = true; more; factor *= 128) {
    const part = byte();
    length += (part & 0x7f) * factor;
    more = part >= 0x80;
  }
  const result = Buffer.alloc(length);
  let end = 0;
  while (at < source.length) {
    const tag = byte();
    const high = tag >>> 2;
    if ((tag & 3) === kinds.literal) {
      const count = 1 + (high < 60 ? high : littleEndian(high - 59));
      if (at + count > source.length || end + count > length)
        throw new RangeError('has a packed block with a wrong length');
      result.set(source.subarray(at, at + count), end);
      at += count;
      end += count;
      continue;
    }
    const isNear = (tag & 3) === kinds.near;
    const count = isNear ? 4 + (high & 7) : 1 + high;
    const offset = isNear ? ((high >>> 3) << 8) + byte() : littleEndian((tag & 3) === kinds.far ? 2 : 4);
    if (offset === 0 || offset > end || end + count > length)
      throw new RangeError('has a packed block with a wrong copy');
    // Byte by byte, because a copy may read what it has just written.
    for (const stop = end + count; end < stop; end += 1) result[end] = result[end - offset] as number;
  }
  if (end !== length) throw new RangeError('has a packed block with a wrong length');
  return result;
}
