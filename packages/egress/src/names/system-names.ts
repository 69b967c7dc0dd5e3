import { Resolver } from 'node:dns';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Resolve } from '../address/checked-addresses.ts';
import { createHostsFile } from './hosts-file.ts';
import { createNameResolver } from './name-resolver.ts';
import { queryNameServers } from './query-name-servers.ts';

export interface NameOptions {
  /** `address` or `address:port`. Those of the system (`/etc/resolv.conf`) when absent or empty. */
  readonly servers?: readonly string[];
  /** For one lookup: repeated queries and all name servers. */
  readonly timeoutMs?: number;
  /** How long every attempt may wait for a lookup. */
  readonly shortWaitMs?: number;
  readonly hostsFile?: string;
}

export interface Names {
  readonly resolve: Resolve;
  /** Ends the lookups that are running. */
  close(): void;
}

/** Long enough for two lost queries, short beside the time limit of an attempt. */
export const nameTimeoutMs = 3_000;
/** Nearly all names are found within this time. */
export const nameShortWaitMs = 250;

/**
 * The names of this machine and of its name servers.
 *
 * This is not `getaddrinfo`, because that runs on four threads that all lookups share, and it cannot be ended. So a few
 * silent name servers would stop every lookup.
 *
 * @throws when a name server is not an address
 */
export function createSystemNames(options: NameOptions = {}): Names {
  const { servers = [], timeoutMs = nameTimeoutMs, shortWaitMs = nameShortWaitMs, hostsFile = '/etc/hosts' } = options;
  if (servers.length > 0) new Resolver().setServers(servers);
  const closing = new AbortController();
  const resolve = createNameResolver({
    query: (name) => queryNameServers(name, { servers, timeoutMs, signal: closing.signal }),
    shortWait: async () => {
      await sleep(shortWaitMs, undefined, { ref: false });
      // A busy process reads the answers that have arrived before it gives up.
      return setImmediate(undefined);
    },
    findInHostsFile: createHostsFile({ path: hostsFile, now: Date.now }),
    now: Date.now,
  });
  return { resolve, close: () => closing.abort() };
}
