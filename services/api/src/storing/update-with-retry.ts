import type { Clock } from '@posthorn/platform';
import { conflict } from '../http/refusals.ts';
import type { RandomBytes } from './random-bytes.ts';

/** A function of the API has 25 s. The last try needs time to finish. */
const timeLimitMs = 15_000;
const firstPauseMs = 10;
const maxPauseMs = 500;

export interface UpdateWithRetryDeps {
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly randomBytes: RandomBytes;
}

interface Update<Stored> {
  /** Reads the current row. */
  readonly read: () => Promise<Stored>;
  /**
   * Returns the new row. `first` is the row that the first try read. It decides what the request means, so that another
   * request's change between two tries does not change the meaning. If it returns `current`, nothing is written.
   */
  readonly change: (current: Stored, first: Stored) => Stored | Promise<Stored>;
  /** Writes only if the row is still the one that was read. */
  readonly write: (next: Stored, current: Stored) => Promise<'updated' | 'uid_taken' | 'stale'>;
}

/**
 * Reads, changes and writes a row. If another request changed it in between, this is repeated until the write succeeds
 * or time is up. So concurrent changes of different fields are all kept. If they change one field, the last one wins.
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
    if (next === current) return current;
    const written = await write(next, current);
    if (written === 'updated') return next;
    if (written === 'uid_taken') throw conflict();
    if (clock().getTime() >= deadline) throw conflict('Too many changes of the same thing at once: try again');
    await sleep(pauseMs(tries, toFraction(randomBytes(2))));
  }
}

/** Pauses grow with each try. They are random, so that concurrent requests do not collide again. */
const pauseMs = (tries: number, fraction: number): number =>
  Math.ceil(fraction * Math.min(firstPauseMs * 2 ** tries, maxPauseMs));

const toFraction = ([high = 0, low = 0]: Uint8Array): number => (high * 256 + low) / 65_536;
