import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Returns whether the request has the token. It takes the same time for every wrong token of the same length. */
export function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const [given, expected] = [Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
