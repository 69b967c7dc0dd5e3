import { BusyError } from '@posthorn/core';
import { maxWaitingCharacters } from './limits.ts';

/** A payload counts as this many characters more. */
const sizeOfOne = 1_000;

/**
 * Limits what waits to be checked for each organisation: payloads are kept in memory while they wait.
 *
 * @throws BusyError if there is no room
 */
export function createWaitingRoom() {
  const taken = new Map<string, number>();
  return async <Result>(organisationId: string, payload: string, wait: () => Promise<Result>): Promise<Result> => {
    const size = payload.length + sizeOfOne;
    const before = taken.get(organisationId) ?? 0;
    if (before + size > maxWaitingCharacters)
      throw new BusyError('too many payloads of the organisation wait to be compared with their schemas');
    taken.set(organisationId, before + size);
    try {
      return await wait();
    } finally {
      const left = (taken.get(organisationId) ?? 0) - size;
      if (left > 0) taken.set(organisationId, left);
      else taken.delete(organisationId);
    }
  };
}
