const longestWaitMs = 30_000;

/**
 * Returns how long to wait before a request is repeated: as long as `Retry-After` asks, up to 30 seconds.
 *
 * @param waitMs - the shortest wait
 * @param retryAfter - the header: seconds, or an HTTP date. Anything else is left out
 */
export function retryWaitMs(waitMs: number, retryAfter: string | undefined, now: Date): number {
  return Math.max(waitMs, Math.min(askedMs(retryAfter, now), longestWaitMs));
}

function askedMs(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const time = Date.parse(retryAfter);
  return Number.isNaN(time) ? 0 : time - now.getTime();
}
