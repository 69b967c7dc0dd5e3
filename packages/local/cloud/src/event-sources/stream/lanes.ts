import { createHash } from 'node:crypto';

/** The lane of a key, the same for ever: so changes of one item stay behind each other while lanes run side by side. */
export function laneOf(key: string, lanes: number): number {
  if (lanes === 1) return 0;
  return createHash('md5').update(key).digest().readUInt32BE(0) % lanes;
}
