import { type BoundedMemoryOptions, createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { Unreachable } from '../failure/unreachable.ts';

/** A failed lookup of a name that has not been found since. */
export interface RememberedFailure {
  readonly failure: Unreachable;
  /** The time from which the name may be looked up again, in milliseconds like `now`. */
  readonly askAgainAt: number;
  readonly waitMs: number;
}

export interface FailureMemory {
  find(name: string): RememberedFailure | undefined;
  add(name: string, failure: Unreachable): void;
  forget(name: string): void;
}

/** Shorter than the shortest wait before a second attempt (5 s less 20 %), so that this one asks again. */
export const firstWaitMs = 3_500;
export const longestWaitMs = 60_000;
/** How long a name is remembered as failed after it may be looked up again. */
const suspicionMs = 600_000;

/** Remembers names that failed. If the servers of a name stay silent, it is looked up less and less often. */
export function createFailureMemory({ maxEntries, now }: BoundedMemoryOptions): FailureMemory {
  const failures = createBoundedMemory<RememberedFailure>({ maxEntries, now });
  return {
    find: failures.find,
    forget: failures.forget,
    add: (name, failure) => {
      const before = failures.find(name);
      const isSilent = failure.reason === 'name-server-silent';
      const waitMs = isSilent && before ? Math.min(before.waitMs * 2, longestWaitMs) : firstWaitMs;
      failures.keep(name, { failure, waitMs, askAgainAt: now() + waitMs }, waitMs + suspicionMs);
    },
  };
}
