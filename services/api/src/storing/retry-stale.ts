import { DomainError } from '@posthorn/core';

const maxTries = 5;

/**
 * Reads, changes and writes, again when somebody else changed the same thing in between.
 *
 * @param change - one try; it reads anew each time
 * @throws DomainError `conflict` when it never succeeds, or the uid is another one's
 */
export async function retryStale<T>(
  change: () => Promise<{ readonly result: T; readonly written: 'updated' | 'uid_taken' | 'stale' }>,
): Promise<T> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const { result, written } = await change();
    if (written === 'updated') return result;
    if (written === 'uid_taken') throw conflict();
  }
  throw conflict();
}

/** The refusal of what would clash with something that is there. */
export const conflict = (detail = 'A conflict has occurred'): DomainError => new DomainError('conflict', detail);
