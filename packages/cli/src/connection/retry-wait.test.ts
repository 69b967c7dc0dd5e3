import { retryWaitMs } from './retry-wait.ts';

const now = new Date('2026-01-31T12:00:00Z');

it.each([
  [undefined, 500],
  ['0', 500],
  ['7', 7_000],
  ['3600', 30_000],
  ['Sat, 31 Jan 2026 12:00:09 GMT', 9_000],
  ['Sat, 31 Jan 2026 11:00:00 GMT', 500],
  ['soon', 500],
])('waits for Retry-After %s', (retryAfter, ms) => expect(retryWaitMs(500, retryAfter, now)).toBe(ms));
