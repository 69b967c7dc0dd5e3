import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Whether an IP address may be called: `true` for public ones and those in an allowed network. */
export type MayCallAddress = (address: string) => boolean;

/**
 * Lets through what is public unicast, and nothing else but the allowed networks: an allow-list, so that a range nobody
 * thought of is refused. IPv4 addresses in IPv6 clothes are judged as what they are.
 *
 * @param allowedSubnets - CIDR, such as `10.0.0.0/8`
 */
export function createMayCallAddress(allowedSubnets: readonly string[]): MayCallAddress {
  const subnets = allowedSubnets.map((subnet) => ipaddr.parseCIDR(subnet));
  const isAllowed = (address: Address) =>
    subnets.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return address.range() === 'unicast' || isAllowed(address);
  };
}

/** The address that a URL's host is, if it is one and no name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : undefined;
}
