import type { Change } from '@posthorn/local-storage';
import { keys } from '../level/keys.ts';

/** The sequence numbers of stream records. All streams share them. */
export interface Sequences {
  /** Returns a new number. */
  next(): number;
  /** Returns the last number that was given. */
  last(): number;
  /** Returns the rows that must be written together with the records that got a number since the last call. */
  reserve(): readonly Change[];
  /** Reserves again, because a write failed that may have had the last reservation. */
  forgetReserved(): void;
}

/** Numbers are reserved in blocks, so that not every write has to store the last one. A start skips the rest. */
const block = 10_000;

/** @param stored - the highest number that a record may have already */
export function createSequences(stored: number): Sequences {
  let last = stored;
  let reserved = stored;
  return {
    next: () => {
      last += 1;
      return last;
    },
    last: () => last,
    reserve() {
      if (last <= reserved) return [];
      reserved = last + block;
      return [{ type: 'put', key: keys.lastSequence, value: String(reserved) }];
    },
    forgetReserved: () => {
      reserved = stored;
    },
  };
}
