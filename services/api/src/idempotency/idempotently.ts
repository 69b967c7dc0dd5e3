import { createHash } from 'node:crypto';
import { type ClaimRepository, DomainError } from '@posthorn/core';
import { idempotencyMs } from '@posthorn/intake';
import type { Clock } from '@posthorn/platform';
import { jsonText } from '../http/answer.ts';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';

/** How long one request may be at it before another one with the same key goes ahead. */
const lockMs = 5_000;
const pollMs = 200;
const maxPolls = 60;

export interface IdempotencyDeps {
  readonly claims: Pick<ClaimRepository, 'begin' | 'finish' | 'release'>;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * What a repeated request has in common with the first one: caller, key and full URL. The body is no part of it.
 *
 * @returns `undefined` when the request carries no idempotency key
 */
export function idempotencyKeyOf({ headers, rawPath, rawQueryString }: ApiEvent): string | undefined {
  const key = headers['idempotency-key'];
  if (!key) return undefined;
  const identity = JSON.stringify([headers.authorization, key, rawPath, rawQueryString]);
  return `idempotency#${createHash('sha256').update(identity).digest('base64url')}`;
}

/** Does a request once for each key: whoever repeats it gets the first answer, if that one was a success. */
export const createIdempotentRunner =
  ({ claims, clock, sleep }: IdempotencyDeps) =>
  async (key: string | undefined, run: () => Promise<ApiAnswer>): Promise<ApiAnswer> => {
    if (key === undefined) return run();
    for (let poll = 0; poll < maxPolls; poll += 1) {
      const now = clock();
      const found = await claims.begin({ key, now, lockedUntil: new Date(now.getTime() + lockMs) });
      if (found.kind === 'answered') return jsonText(found.answer.status, found.answer.body);
      if (found.kind === 'begun') return runBegun({ claims, clock }, key, run);
      await sleep(pollMs);
    }
    throw new DomainError('conflict', 'A request with this idempotency key is still in progress');
  };

async function runBegun(
  { claims, clock }: Pick<IdempotencyDeps, 'claims' | 'clock'>,
  key: string,
  run: () => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  let answer: ApiAnswer;
  try {
    answer = await run();
  } catch (error) {
    await claims.release(key);
    throw error;
  }
  const { statusCode = 200, body = '' } = answer;
  if (statusCode >= 200 && statusCode < 300) {
    await claims.finish(key, { status: statusCode, body }, new Date(clock().getTime() + idempotencyMs));
  } else {
    await claims.release(key);
  }
  return answer;
}
