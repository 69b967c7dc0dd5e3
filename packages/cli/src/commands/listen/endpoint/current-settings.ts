import { PassingFailure } from '../../../reconnect/send-or-pass.ts';

/** A change of an endpoint counts after so long. */
const maxAgeMs = 10_000;

/**
 * Reads a value again when it is asked for and older than ten seconds. While the server does not answer, or has
 * a failure that may be over soon, the value from before is kept.
 *
 * @param now - milliseconds
 * @param first - the value at the start
 */
export function createCurrent<Value>(
  read: () => Promise<Value>,
  now: () => number,
  first: Value,
): () => Promise<Value> {
  let [value, readAt] = [first, now()];
  return async () => {
    if (now() - readAt < maxAgeMs) return value;
    try {
      value = await read();
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
    }
    readAt = now();
    return value;
  };
}
