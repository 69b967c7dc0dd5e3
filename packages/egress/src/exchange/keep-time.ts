/** Kept connections are closed before most servers close theirs. */
const maxKeepMs = 4_000;
/** A kept connection is closed this much earlier than the endpoint says. */
const marginMs = 1_000;

/**
 * How long a connection is kept for the next exchange, in milliseconds. A `Keep-Alive` header of the answer can make it
 * shorter.
 *
 * @param rawHeaders - name, value, name, value …
 */
export function keepTimeMs(rawHeaders: readonly string[]): number {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && /^keep-alive$/i.test(text));
  const seconds = at < 0 ? undefined : /\btimeout=(\d{1,6})/i.exec(rawHeaders[at + 1] ?? '')?.[1];
  return seconds === undefined ? maxKeepMs : Math.min(maxKeepMs, Number(seconds) * 1_000 - marginMs);
}
