import type { Clock } from '@posthorn/platform';
import { conflict } from '../http/refusals.ts';
import type { RandomBytes } from './random-bytes.ts';

/** A function of the API has 25 s: its last try must have time to end. */
const timeLimitMs = 15_000;
const firstPauseMs = 10;
const maxPauseMs = 500;

export interface UpdateWithRetryDeps {
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly randomBytes: RandomBytes;
}

interface Update<Stored> {
  /** Reads the row as it now is. */
  readonly read: () => Promise<Stored>;
  /**
   * Returns the row that the request wants, given the current one. `first` is the row as the first try read it: what the
   * request means is decided by that one, so that a rival's change does not change the meaning.
   */
  readonly change: (current: Stored, first: Stored) => Stored | Promise<Stored>;
  /** Writes on the condition that the row is still the one that was read. */
  readonly write: (next: Stored, current: Stored) => Promise<'updated' | 'uid_taken' | 'stale'>;
}

/**
 * Reads, changes and writes; again when another request changed the same row in between, until the write succeeds or
 * time is up. So concurrent changes of different fields are all kept, and of changes of one field the last one wins.
 *
 * @throws DomainError `conflict` if the uid is taken, or if no try succeeded in time
 */
export async function updateWithRetry<Stored>(
  { clock, sleep, randomBytes }: UpdateWithRetryDeps,
  { read, change, write }: Update<Stored>,
): Promise<Stored> {
  const deadline = clock().getTime() + timeLimitMs;
  const first = await read();
  for (let tries = 1, current = first; ; tries += 1, current = await read()) {
    const next = await change(current, first);
    const written = await write(next, current);
    if (written === 'updated') return next;
    if (written === 'uid_taken') throw conflict();
    if (clock().getTime() >= deadline) throw conflict('Too many changes of the same thing at once: try again');
    await sleep(pauseMs(tries, toFraction(randomBytes(2))));
  }
}

/** Longer after each try, and spread so that the rivals do not meet again. */
const pauseMs = (tries: number, fraction: number): number =>
  Math.ceil(fraction * Math.min(firstPauseMs * 2 ** tries, maxPauseMs));

const toFraction = ([high = 0, low = 0]: Uint8Array): number => (high * 256 + low) / 65_536;
