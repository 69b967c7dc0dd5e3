import type { LookupAddress, RecordWithTtl } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { UnreachableReason } from '@posthorn/core';
import { toFailure } from '../failure/known-errors.ts';
import { Unreachable } from '../failure/unreachable.ts';

export interface NameAnswer {
  /** At least one. IPv4 comes first: not every network has IPv6. */
  readonly addresses: readonly LookupAddress[];
  /** For how long they are valid. */
  readonly ttlSeconds: number;
}

export interface QueryOptions {
  /** `address` or `address:port`. Those of the system (`/etc/resolv.conf`) when empty. */
  readonly servers: readonly string[];
  /** For all servers and repeated queries together. */
  readonly timeoutMs: number;
  /** Ends the queries early. */
  readonly signal: AbortSignal;
}

/** A lost query is sent again after about this time, and the next name server is asked. */
const queryTimeoutMs = 1_000;

/**
 * Asks the name servers for all addresses of a name, IPv4 and IPv6. Each call has a resolver of its own: it waits for
 * nothing but its own answers, and can be ended at any time.
 *
 * If one of the two queries fails, the answer to the other one is taken.
 *
 * @throws {Unreachable} when there is no address
 */
export async function queryNameServers(
  name: string,
  { servers, timeoutMs, signal }: QueryOptions,
): Promise<NameAnswer> {
  const resolver = new Resolver({ timeout: queryTimeoutMs, maxTimeout: queryTimeoutMs, tries: 4 });
  if (servers.length > 0) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  // A process that was busy or frozen reads the answers that have arrived before it gives up.
  const timer = setTimeout(() => setImmediate(cancel), timeoutMs);
  signal.addEventListener('abort', cancel);
  const answer = askInTurn(resolver, name);
  if (signal.aborted) cancel();
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

/** Node skips a silent name server by itself, but not one that answers with an error. */
async function askInTurn(resolver: Resolver, name: string): Promise<NameAnswer> {
  try {
    return await ask(resolver, name);
  } catch (error) {
    const [, ...others] = resolver.getServers();
    const hasFailed = error instanceof Unreachable && error.reason === 'name-server-failed';
    if (!hasFailed || others.length === 0) throw error;
    resolver.setServers(others);
    return askInTurn(resolver, name);
  }
}

async function ask(resolver: Resolver, name: string): Promise<NameAnswer> {
  const [ipv4, ipv6] = await Promise.allSettled([
    resolver.resolve4(name, { ttl: true }),
    resolver.resolve6(name, { ttl: true }),
  ]);
  return toAnswer(ipv4, ipv6);
}

type Settled = PromiseSettledResult<RecordWithTtl[]>;

function toAnswer(ipv4: Settled, ipv6: Settled): NameAnswer {
  const addresses = [...addressesOf(ipv4, 4), ...addressesOf(ipv6, 6)];
  if (addresses.length === 0) throw failureOf([ipv4, ipv6]);
  const ttls = [ipv4, ipv6].flatMap((settled) => (settled.status === 'fulfilled' ? settled.value : []));
  return { addresses, ttlSeconds: Math.min(...ttls.map(({ ttl }) => ttl)) };
}

const addressesOf = (settled: Settled, family: number): readonly LookupAddress[] =>
  settled.status === 'fulfilled' ? settled.value.map(({ address }) => ({ address, family })) : [];

/** The worst first. A name does not exist only if both queries say so. */
const worstFirst: readonly UnreachableReason[] = ['name-server-silent', 'name-server-failed', 'name-not-found'];

/** The error to throw when there is no address. */
function failureOf(results: readonly Settled[]): unknown {
  const errors = results.flatMap((settled) => (settled.status === 'rejected' ? [settled.reason] : []));
  const failures = errors.map((error) => toFailure(error, 'naming'));
  const rankOf = (failure: unknown) => (failure instanceof Unreachable ? worstFirst.indexOf(failure.reason) : -1);
  return failures.sort((one, other) => rankOf(one) - rankOf(other))[0] ?? new Unreachable('name-not-found');
}
