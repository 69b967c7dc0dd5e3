import type { LookupAddress } from 'node:dns';
import { type BoundedMemoryOptions, createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { NameAnswer } from './query-name-servers.ts';

export interface AnswerMemory {
  /** Addresses that are valid. */
  find(name: string): readonly LookupAddress[] | undefined;
  /** Addresses that were valid some minutes ago, or still are. */
  findOld(name: string): readonly LookupAddress[] | undefined;
  add(name: string, answer: NameAnswer): void;
  forget(name: string): void;
}

/** Longer answers are not remembered. */
const maxAddresses = 32;
/** An answer is valid for its time to live, but not longer than this, so that an endpoint's move is noticed soon. */
const maxTtlSeconds = 60;
/** How long an answer is remembered after it was valid (compare RFC 8767). */
const oldMs = 600_000;

export function createAnswerMemory(options: BoundedMemoryOptions): AnswerMemory {
  const answers = createBoundedMemory<{ readonly addresses: readonly LookupAddress[]; readonly validUntil: number }>(
    options,
  );
  return {
    find: (name) => {
      const answer = answers.find(name);
      return answer && options.now() < answer.validUntil ? answer.addresses : undefined;
    },
    findOld: (name) => answers.find(name)?.addresses,
    add: (name, { addresses, ttlSeconds }) => {
      const validMs = Math.min(ttlSeconds, maxTtlSeconds) * 1_000;
      if (addresses.length > maxAddresses) answers.forget(name);
      else answers.keep(name, { addresses, validUntil: options.now() + validMs }, validMs + oldMs);
    },
    forget: answers.forget,
  };
}
