import type { LookupAddress } from 'node:dns';
import type { Resolve } from '../address/checked-addresses.ts';
import { timeLimitFailure } from '../failure/known-errors.ts';
import { Unreachable } from '../failure/unreachable.ts';
import { createBoundedMemory } from '../memory/bounded-memory.ts';
import { createFailureMemory } from './failure-memory.ts';
import type { NameAnswer } from './query-name-servers.ts';

export interface NameResolverDeps {
  /** Asks the name servers. Must end by itself. */
  readonly query: (name: string) => Promise<NameAnswer>;
  /** None when the hosts file does not have the name. */
  readonly findInHostsFile: (name: string) => Promise<readonly LookupAddress[]>;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Names, not addresses: each of the two memories holds at most so many. */
export const maxRememberedNames = 2_000;
/** A longer answer is used and not remembered. */
const maxRememberedAddresses = 32;
/** An answer is remembered for its own time to live, and at most so long: an endpoint's move is noticed soon. */
const maxAnswerSeconds = 60;

/** How long an attempt waits for a lookup that another one has started. Nearly all names are found within this time. */
export const patienceMs = 1_000;
/** How long an attempt waits for the lookup of a name that has failed before. Most name servers answer in time. */
export const shortPatienceMs = 300;

type Addresses = readonly LookupAddress[];

/**
 * Finds addresses: in the hosts file, in memory, or at the name servers. Lookups of different names share nothing.
 *
 * An attempt that waits takes the place of another endpoint's attempt, so few wait for a dead name:
 * - The first attempt waits until its lookup ends. Those that come meanwhile wait a second.
 * - For some seconds after a failure, attempts fail at once.
 * - Then one attempt starts a lookup and waits a moment. The lookup goes on without it, and its result is remembered.
 *
 * Names are absolute: search domains are not applied.
 */
export function createNameResolver({ query, findInHostsFile, wait, now }: NameResolverDeps): Resolve {
  const memory = { maxEntries: maxRememberedNames, now };
  const answers = createBoundedMemory<readonly LookupAddress[]>(memory);
  const failures = createFailureMemory(memory);
  /** Those that run, as attempts see them that come meanwhile. */
  const lookups = new Map<string, Promise<Addresses>>();

  const ask = async (name: string): Promise<Addresses> => {
    try {
      const { addresses, ttlSeconds } = await query(name);
      failures.forget(name);
      if (addresses.length <= maxRememberedAddresses)
        answers.keep(name, addresses, Math.min(ttlSeconds, maxAnswerSeconds) * 1_000);
      return addresses;
    } catch (error) {
      if (error instanceof Unreachable) failures.add(name, error);
      throw error;
    }
  };
  const within = (ms: number, lookup: Promise<Addresses>): Promise<Addresses> => {
    const limited = Promise.race([lookup, wait(ms).then(() => Promise.reject(timeLimitFailure('naming')))]);
    // Perhaps nobody waits for it.
    limited.catch(() => undefined);
    return limited;
  };
  const start = (name: string): Promise<Addresses> => {
    const lookup = ask(name).finally(() => lookups.delete(name));
    lookups.set(name, within(patienceMs, lookup));
    return lookup;
  };
  const askOnce = (name: string): Promise<Addresses> => {
    const failed = failures.find(name);
    const running = lookups.get(name);
    if (!failed) return running ?? start(name);
    if (running || now() < failed.askAgainAt) throw failed.failure;
    return within(shortPatienceMs, start(name));
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
