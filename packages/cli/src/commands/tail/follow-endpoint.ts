import type { AttemptRow } from './attempt.ts';

/** A page of an endpoint's attempts. `previous` goes on to those that were planned later. */
export interface AttemptPage {
  readonly rows: readonly AttemptRow[];
  readonly previous: string | undefined;
  readonly done: boolean;
  /** The time of the server. */
  readonly readAt: Date;
}

/** Which attempts to read: those that were made at a time or later. */
export interface AttemptPlace {
  readonly after: Date;
  readonly iterator?: string | undefined;
}

/** Follows the attempts of one endpoint. */
export interface EndpointTail {
  /** Makes one read. `isBehind`: there is more to read at once. */
  step(signal?: AbortSignal): Promise<{ readonly rows: readonly AttemptRow[]; readonly isBehind: boolean }>;
}

/**
 * How far back each pass begins before the one before it. An attempt is stored when it has ended, up to 15 seconds after
 * its time, and a moment later if a table is busy.
 */
const overlapMs = 60_000;

/**
 * Attempts do not appear in the order of their ids: an id has the time for which its attempt was planned, and it is stored
 * when it has ended. So there is no place in the list behind which everything new is. Each pass reads all that was made in
 * the last minute or since the pass before, a page with each step, and leaves out what it has returned already.
 */
export function followEndpoint(
  read: (place: AttemptPlace, signal?: AbortSignal) => Promise<AttemptPage>,
  since: Date,
): EndpointTail {
  let place: AttemptPlace = { after: since };
  let passBegan: Date | undefined;
  const returned = new Map<string, Date>();
  return {
    step: async (signal) => {
      const page = await read(place, signal);
      passBegan ??= page.readAt;
      const rows = page.rows.filter(({ id }) => !returned.has(id));
      for (const { id, timestamp } of rows) returned.set(id, new Date(timestamp));
      if (!page.done && page.previous !== undefined) {
        place = { ...place, iterator: page.previous };
        return { rows, isBehind: true };
      }
      const after = new Date(Math.max(place.after.getTime(), passBegan.getTime() - overlapMs));
      place = { after };
      passBegan = undefined;
      // What is older is not listed again.
      for (const [id, time] of returned) if (time < after) returned.delete(id);
      return { rows, isBehind: false };
    },
  };
}
