import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What to do with a new connection. `drop`: close it without an answer. */
export type Admission = 'accept' | 'refuse' | 'drop';

/** Counts the open connections of each address. */
export interface ConnectionCounts {
  admit(address: string): Admission;
  /** Every connection that was admitted, refused ones too, but not dropped ones. */
  closed(address: string): void;
}

/**
 * Limits the connections at a time from one address. Loopback has no limit, because a proxy there connects for all
 * clients. As many connections again get an answer that says so, and further ones get none.
 *
 * @param limit - 0 for any number
 * @param hasNoLimit - whether an address may have any number
 */
export function createConnectionCounts(
  limit: number,
  hasNoLimit: (address: string) => boolean = isLoopback,
): ConnectionCounts {
  const counts = new Map<string, number>();
  return {
    admit(address) {
      if (limit === 0 || hasNoLimit(address)) return 'accept';
      const client = clientOf(address);
      const count = counts.get(client) ?? 0;
      if (count >= 2 * limit) return 'drop';
      counts.set(client, count + 1);
      return count < limit ? 'accept' : 'refuse';
    },
    closed(address) {
      const client = clientOf(address);
      const count = counts.get(client);
      if (count === undefined) return;
      if (count === 1) counts.delete(client);
      else counts.set(client, count - 1);
    },
  };
}

const isLoopback = (address: string): boolean => {
  const bare = withoutMapping(address);
  return isIP(bare) !== 0 && loopback.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6');
};

/** The name under which an address is counted. A client has all addresses of an IPv6 network of 64 bits. */
function clientOf(address: string): string {
  const bare = withoutMapping(address);
  return isIPv6(bare) ? networkOf(bare) : bare;
}

/** An IPv4 address in its own form. A server that listens on `::` sees `::ffff:192.0.2.1`. */
const withoutMapping = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

/** The first four groups of an IPv6 address. */
function networkOf(address: string): string {
  const [before = '', after] = (address.split('%')[0] ?? '').split('::');
  const groups = before === '' ? [] : before.split(':');
  const rest = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
