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

/** Far more numbers than a store can give in a millisecond. A reserved block is used up in ten. */
const perMs = 1_024;
const start = Date.UTC(2026, 0, 1);

/**
 * Numbers never repeat, also if the folder is restored from a backup or copied: each opening begins with a number that only
 * the time gives, and that grows faster than numbers can be given. So a restored folder begins behind all numbers that the
 * lost records had, and the copies of a folder give different ones. It needs a clock that is not set back.
 *
 * @param stored - the highest number that a record may have already
 * @param now - milliseconds since 1970
 */
export function createSequences(stored: number, now: number): Sequences {
  let last = Math.max(stored, (now - start) * perMs);
  let durable = last;
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
