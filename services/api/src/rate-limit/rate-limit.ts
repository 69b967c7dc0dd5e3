import { createHash } from 'node:crypto';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { RequestCountRepository } from '@posthorn/core/rate-limit/request-count-repository';
import { shareOf, withinLimit } from '@posthorn/core/rate-limit/share';
import type { Clock } from '@posthorn/platform';
import { TooManyRequests } from '../http/problem-answers.ts';

/** Counts a request of a token. It throws `TooManyRequests` if the token has used up its limit of this second. */
export type CheckRate = (token: string) => Promise<void>;

export interface RateLimitDeps {
  /** Requests a second of each token. */
  readonly perSecond: number;
  readonly counts: RequestCountRepository;
  readonly clock: Clock;
}

/** What this process has of the limit of one second. */
interface Window {
  readonly second: number;
  /** Requests that are counted already, and were not made yet. */
  left: number;
  isFull: boolean;
}

const maxTokens = 10_000;
const windowMs = 1_000;

/**
 * Limits the requests of each token, in all processes together. Each process counts some requests at once, so that not
 * every request is a write. The stored count is of a hash: a token is nowhere stored.
 */
export function createRateLimit({ perSecond, counts, clock }: RateLimitDeps): CheckRate {
  const share = shareOf(perSecond);
  const windows = createBoundedMemory<Window>({ maxEntries: maxTokens, now: () => clock().getTime() });
  const windowOf = (caller: string): Window => {
    const second = Math.floor(clock().getTime() / windowMs);
    const known = windows.find(caller);
    if (known?.second === second) return known;
    const next: Window = { second, left: 0, isFull: false };
    windows.keep(caller, next, 2 * windowMs);
    return next;
  };
  return async (token) => {
    const caller = createHash('sha256').update(token).digest('base64url');
    const window = windowOf(caller);
    if (window.left === 0 && !window.isFull) {
      const total = await counts.add({ caller, second: window.second }, share);
      const granted = withinLimit({ perSecond, share, total });
      window.left += granted;
      window.isFull = granted < share;
    }
    if (window.left === 0) throw new TooManyRequests(perSecond);
    window.left -= 1;
  };
}
