import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Whether an IP address may be called: `true` for public ones and those in an allowed network. */
export type MayCallAddress = (address: string) => boolean;

/**
 * Allows public unicast addresses and the allowed networks, and nothing else. It is an allow-list, so that an unknown range
 * is refused. An IPv4-mapped address is checked as its IPv4 address.
 *
 * @param allowedSubnets - CIDR, such as `10.0.0.0/8`
 * @throws when one is not CIDR
 */
export function createMayCallAddress(allowedSubnets: readonly string[]): MayCallAddress {
  const subnets = allowedSubnets.map(parseSubnet);
  const isAllowed = (address: Address) =>
    subnets.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return isPublic(address) || isAllowed(address);
  };
}

/** All that is assigned for global unicast; the rest of IPv6 holds old forms of IPv4 addresses, such as `::7f00:1`. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(...globalUnicast));

function parseSubnet(text: string): ReturnType<typeof ipaddr.parseCIDR> {
  if (!ipaddr.isValidCIDR(text)) throw new Error('an allowed network must be written as CIDR, such as 10.0.0.0/8');
  return ipaddr.parseCIDR(text);
}

/** The address in a URL, if its host is not a name. Parsing the URL has brought it into its usual form. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}
