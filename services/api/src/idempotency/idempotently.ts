import {
  type BeginningRequest,
  type ClaimRepository,
  DomainError,
  type FoundAnswer,
  type RequestSeed,
  type StoredAnswer,
} from '@posthorn/core';
import { idempotencyMs } from '@posthorn/intake';
import type { Clock } from '@posthorn/platform';
import { isUnstored } from '../http/answer.ts';
import type { ApiAnswer } from '../http/api-event.ts';
import { isRefusal } from '../http/problem-answers.ts';
import type { RandomBytes } from '../storing/random-bytes.ts';
import type { AnswerSeal } from './answer-seal.ts';

/** How long a request may take before another one with the same key goes ahead. */
const lockMs = 5_000;
const pollMs = 200;
const maxPolls = 60;
const seedBytes = 15;

export interface IdempotencyDeps {
  readonly claims: Pick<ClaimRepository, 'begin' | 'beginInstead' | 'finish' | 'release' | 'forget'>;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly randomBytes: RandomBytes;
}

export interface IdempotentRequest {
  /** The request's identity (`requestKeyOf`). */
  readonly key: string;
  readonly answers: AnswerSeal;
  /** The answer to a repetition, from the stored one. Undefined: the thing that it names does not exist any more. */
  readonly repeat: (stored: StoredAnswer) => Promise<ApiAnswer | undefined>;
  readonly run: (begun: BegunOnce) => Promise<ApiAnswer>;
}

/** The seed of a request, and whether an earlier one that it takes up again may have done the work already. */
export interface BegunOnce extends RequestSeed {
  readonly isResumed: boolean;
}

/**
 * Does a request once for each key. A repetition gets the first answer if that was a success, for 12 hours and as long
 * as the thing that it names exists. If that thing is gone, the request is done again, by one of several concurrent
 * repetitions. If a request ended without an answer, the next one takes it up again, with the same seed. After a refusal,
 * the next one begins anew. An answer with `cache-control: no-store` is not kept.
 *
 * @throws DomainError `conflict` if an earlier request with the key takes too long
 */
export const createIdempotentRunner =
  (deps: IdempotencyDeps) =>
  async (request: IdempotentRequest): Promise<ApiAnswer> => {
    const { key } = request;
    for (let poll = 0; poll < maxPolls; poll += 1) {
      const now = deps.clock();
      const seed = { at: now, text: Buffer.from(deps.randomBytes(seedBytes)).toString('base64url') };
      const begun = { key, seed, lockedUntil: later(now, lockMs), keptUntil: later(now, idempotencyMs) };
      const found = await deps.claims.begin(begun);
      switch (found.kind) {
        case 'begun':
          return run(deps, request, {
            begun,
            once: { ...(found.resumes ?? seed), isResumed: found.resumes !== undefined },
          });
        case 'answered': {
          const body = await request.answers.open(found.answer.body);
          const repeated = await request.repeat({ status: found.answer.status, body });
          if (repeated !== undefined) return repeated;
          if (await beginInstead(deps, begun, found.answer)) {
            return run(deps, request, { begun, once: { ...seed, isResumed: false } });
          }
          break;
        }
        case 'in_progress':
          await deps.sleep(pollMs);
      }
    }
    throw new DomainError('conflict', 'A request with this idempotency key is still in progress');
  };

const later = (time: Date, ms: number): Date => new Date(time.getTime() + ms);

const beginInstead = async (
  { claims }: IdempotencyDeps,
  begun: BeginningRequest,
  answer: FoundAnswer,
): Promise<boolean> => (await claims.beginInstead(begun, answer)) === 'begun';

async function run(
  deps: IdempotencyDeps,
  request: IdempotentRequest,
  { begun, once }: { readonly begun: BeginningRequest; readonly once: BegunOnce },
): Promise<ApiAnswer> {
  let answer: ApiAnswer;
  try {
    answer = await request.run(once);
  } catch (error) {
    await end(deps, begun, { mayHaveActed: once.isResumed || !isRefusal(error) });
    throw error;
  }
  const { statusCode: status = 200, body = '' } = answer;
  if (status >= 200 && status < 300 && !isUnstored(answer)) {
    const stored = { status, body: await request.answers.seal(body) };
    await deps.claims.finish(begun, stored, later(deps.clock(), idempotencyMs));
  } else {
    await end(deps, begun, { mayHaveActed: once.isResumed || status >= 500 });
  }
  return answer;
}

/**
 * Frees the key of a request whose answer is not stored. If the request, or one that it took up, may have acted, the next
 * one must find that. Otherwise it must not be taken for an old one: what it creates would be as old as this request.
 */
const end = (
  { claims }: IdempotencyDeps,
  begun: BeginningRequest,
  { mayHaveActed }: { readonly mayHaveActed: boolean },
): Promise<void> => (mayHaveActed ? claims.release(begun) : claims.forget(begun));
