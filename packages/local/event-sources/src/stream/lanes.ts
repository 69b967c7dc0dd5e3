import { createHash } from 'node:crypto';

/**
 * Returns the lane of a key. It is always the same, so changes of one item stay in order while the lanes run in
 * parallel.
 */
export function laneOf(key: string, lanes: number): number {
  if (lanes === 1) return 0;
  return createHash('md5').update(key).digest().readUInt32BE(0) % lanes;
}
