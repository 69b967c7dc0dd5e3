import { hash } from 'node:crypto';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { RequestCountRepository } from '@posthorn/core/rate-limit/request-count-repository';
import { shareOf, withinLimit } from '@posthorn/core/rate-limit/share';
import type { Clock } from '@posthorn/platform';
import type { Caller } from '@posthorn/secrets/tokens';
import { TooManyRequests } from '../http/problem-answers.ts';

/**
 * Counts a request of a caller with a token that is signed. It throws `TooManyRequests` if the token has used up its limit of
 * this second.
 */
export type CheckRate = (caller: Caller) => Promise<void>;

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
 * every request is a write. A token counts by its owner and its id, not by its text: the last character of a signature can be
 * written in several ways.
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
  return async (by) => {
    const caller = nameOf(by);
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

/** The key of a token's counts. Ids can be of another signer, so their length is not known. */
function nameOf(caller: Caller): string {
  const applicationId = caller.kind === 'application' ? caller.applicationId : '';
  return hash('sha256', JSON.stringify([caller.organisationId, applicationId, caller.token.tokenId]), 'base64url');
}
