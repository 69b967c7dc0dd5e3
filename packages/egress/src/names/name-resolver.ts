import type { LookupAddress } from 'node:dns';
import type { Resolve } from '../address/checked-addresses.ts';
import { timeLimitFailure } from '../failure/known-errors.ts';
import { Unreachable } from '../failure/unreachable.ts';
import { type AnswerMemory, createAnswerMemory } from './answer-memory.ts';
import { createFailureMemory, type FailureMemory } from './failure-memory.ts';
import type { NameAnswer } from './query-name-servers.ts';

export interface NameResolverDeps {
  /** Asks the name servers. Must end by itself. */
  readonly query: (name: string) => Promise<NameAnswer>;
  /** None when the hosts file does not have the name. */
  readonly findInHostsFile: (name: string) => Promise<readonly LookupAddress[]>;
  /** Resolves after the time that every attempt may wait for a lookup. */
  readonly shortWait: () => Promise<undefined>;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The most names that each of the memories holds. */
export const maxRememberedNames = 2_000;
/** The number of attempts that may wait at the same time for longer than the short wait, until their lookup ends. */
const maxLongWaits = 1;

type Addresses = readonly LookupAddress[];

/**
 * Finds addresses: in the hosts file, in memory, or at the name servers. Lookups of different names share nothing.
 *
 * An attempt that waits takes the place of another endpoint's attempt, so attempts do not wait long for dead names:
 * - An attempt waits for a short time. Then it waits on if no other attempt does so, or else it fails.
 * - The lookup goes on without the attempt, and its result is remembered: it serves the next attempt.
 * - For some seconds after a failed lookup, attempts fail at once. The next one starts a lookup and waits a short time.
 * - An expired answer is used if its renewal is slow or fails.
 *
 * Names are absolute: search domains are not applied.
 */
export function createNameResolver(deps: NameResolverDeps): Resolve {
  const memory = { maxEntries: maxRememberedNames, now: deps.now };
  const answers = createAnswerMemory(memory);
  const failures = createFailureMemory(memory);
  const { find: findLookup, start } = createLookups(deps.query, answers, failures);
  const wait = createWaiting(deps.shortWait);

  const ask = async (name: string): Promise<Addresses> => {
    const old = answers.findOld(name);
    const failed = failures.find(name);
    const running = findLookup(name);
    if (failed && (running || deps.now() < failed.askAgainAt)) {
      if (old) return old;
      throw failed.failure;
    }
    const lookup = running ?? start(name);
    if (old)
      return wait.shortly(lookup).then(
        (found) => found ?? old,
        (error) => unlessUnknown(error, old),
      );
    const found = await wait.shortly(lookup);
    if (found) return found;
    if (failed) throw failed.failure;
    return wait.long(lookup);
  };

  return async (hostname) => {
    const name = hostname.replace(/\.$/, '').toLowerCase();
    const local = await deps.findInHostsFile(name);
    if (local.length > 0) return local;
    if (/(^|\.)localhost$/.test(name)) return loopback;
    return answers.find(name) ?? ask(name);
  };
}

/** RFC 6761, 6.3: these names are never looked up. */
const loopback: Addresses = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** An old answer replaces a failure, but not the answer that the name does not exist. */
function unlessUnknown(error: unknown, old: Addresses): Addresses {
  if (error instanceof Unreachable && error.reason !== 'name-not-found') return old;
  throw error;
}

interface Lookup {
  readonly result: Promise<Addresses>;
  /** Whether an attempt has waited for a short time and got no answer. */
  isSlow: boolean;
}

/** The lookups that run: at most one for each name. Their results are remembered. */
function createLookups(query: NameResolverDeps['query'], answers: AnswerMemory, failures: FailureMemory) {
  const lookups = new Map<string, Lookup>();
  const lookUp = async (name: string): Promise<Addresses> => {
    try {
      const answer = await query(name);
      failures.forget(name);
      answers.add(name, answer);
      return answer.addresses;
    } catch (error) {
      if (error instanceof Unreachable) failures.add(name, error);
      if (error instanceof Unreachable && error.reason === 'name-not-found') answers.forget(name);
      throw error;
    }
  };
  return {
    find: (name: string) => lookups.get(name),
    start: (name: string): Lookup => {
      const lookup = { result: lookUp(name).finally(() => lookups.delete(name)), isSlow: false };
      // If it fails, perhaps no attempt waits for it.
      lookup.result.catch(() => undefined);
      lookups.set(name, lookup);
      return lookup;
    },
  };
}

function createWaiting(shortWait: NameResolverDeps['shortWait']) {
  let longWaits = 0;
  return {
    /** `undefined`: it takes longer. */
    shortly: async (lookup: Lookup): Promise<Addresses | undefined> => {
      if (lookup.isSlow) return undefined;
      const found = await Promise.race([lookup.result, shortWait()]);
      if (found === undefined) lookup.isSlow = true;
      return found;
    },
    long: async (lookup: Lookup): Promise<Addresses> => {
      if (longWaits >= maxLongWaits) throw timeLimitFailure('naming');
      longWaits += 1;
      return lookup.result.finally(() => {
        longWaits -= 1;
      });
    },
  };
}
