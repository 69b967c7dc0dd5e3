import type { Change } from '@posthorn/local-storage';
import { keys } from '../level/keys.ts';

/** The sequence numbers of stream records. All streams share them. */
export interface Sequences {
  /** Returns a new number. */
  next(): number;
  /** Returns the last number that was given. */
  last(): number;
  /** Returns what must be written together with records that have just got a number. */
  reserve(): Reservation;
}

export interface Reservation {
  readonly changes: readonly Change[];
  /** Must be called when the changes are durable. Until then, every write has a reservation of its own. */
  succeeded(): void;
}

/** Numbers are reserved in blocks, so that not every write has to store the last one. A start skips the rest. */
const block = 10_000;

/** @param stored - the highest number that a record may have already */
export function createSequences(stored: number): Sequences {
  let last = stored;
  let durable = stored;
  return {
    next: () => {
      last += 1;
      return last;
    },
    last: () => last,
    reserve() {
      if (last <= durable) return nothing;
      const reserved = last + block;
      return {
        changes: [{ type: 'put', key: keys.lastSequence, value: String(reserved) }],
        succeeded: () => {
          durable = Math.max(durable, reserved);
        },
      };
    },
  };
}

const nothing: Reservation = { changes: [], succeeded: () => undefined };
