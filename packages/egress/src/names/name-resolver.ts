import type { LookupAddress } from 'node:dns';
import type { Resolve } from '../address/checked-addresses.ts';
import { Unreachable } from '../failure/unreachable.ts';
import { createBoundedMemory } from './bounded-memory.ts';
import type { NameAnswer } from './query-name-servers.ts';

export interface NameResolverDeps {
  /** Asks the name servers. Must end by itself. */
  readonly query: (name: string) => Promise<NameAnswer>;
  /** None when the hosts file does not have the name. */
  readonly findInHostsFile: (name: string) => Promise<readonly LookupAddress[]>;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Names, not addresses: each of the two memories holds at most so many. */
export const maxRememberedNames = 2_000;
/** A longer answer is used and not remembered. */
const maxRememberedAddresses = 32;
/** An answer is remembered for its own time to live, and at most so long: an endpoint's move is noticed soon. */
const maxAnswerSeconds = 60;
/** Shorter than the shortest wait before a second attempt (5 s less 20 %), so that this one asks again. */
export const failureMemoryMs = 3_500;
/** How long a name counts as one that has failed before. */
const suspicionMs = 600_000;

/**
 * Finds addresses: in the hosts file, in memory, or at the name servers. Attempts that need the same name share one
 * lookup; lookups of different names share nothing.
 *
 * A failure is remembered for a few seconds: further attempts fail at once. After that, one attempt at a time asks again
 * and the others still fail at once, so that a dead name never holds up more than one attempt, apart from the first time.
 *
 * Names are absolute: search domains are not applied.
 */
export function createNameResolver({ query, findInHostsFile, now }: NameResolverDeps): Resolve {
  const memory = { maxEntries: maxRememberedNames, now };
  const answers = createBoundedMemory<readonly LookupAddress[]>(memory);
  const failures = createBoundedMemory<{ readonly failure: Unreachable; readonly failedAt: number }>(memory);
  const lookups = new Map<string, Promise<readonly LookupAddress[]>>();

  const ask = async (name: string): Promise<readonly LookupAddress[]> => {
    try {
      const { addresses, ttlSeconds } = await query(name);
      failures.forget(name);
      if (addresses.length <= maxRememberedAddresses)
        answers.keep(name, addresses, Math.min(ttlSeconds, maxAnswerSeconds) * 1_000);
      return addresses;
    } catch (error) {
      if (error instanceof Unreachable) failures.keep(name, { failure: error, failedAt: now() }, suspicionMs);
      throw error;
    }
  };
  const askOnce = (name: string): Promise<readonly LookupAddress[]> => {
    const failed = failures.find(name);
    const running = lookups.get(name);
    if (failed && (running || now() - failed.failedAt < failureMemoryMs)) throw failed.failure;
    if (running) return running;
    const lookup = ask(name).finally(() => lookups.delete(name));
    lookups.set(name, lookup);
    return lookup;
  };

  return async (hostname) => {
    const name = hostname.replace(/\.$/, '').toLowerCase();
    const local = await findInHostsFile(name);
    if (local.length > 0) return local;
    if (/(^|\.)localhost$/.test(name)) return loopback;
    return answers.find(name) ?? askOnce(name);
  };
}

/** RFC 6761, 6.3: these names are never asked for. */
const loopback: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
