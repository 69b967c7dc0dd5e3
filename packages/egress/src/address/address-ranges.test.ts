import { createMayCallAddress, literalAddress } from './allowed-address.ts';

/** What is no public address of one machine (IANA's registries of special addresses, and what embeds IPv4 addresses). */
const ranges = [
  // range, first and last address
  ['this network', '0.0.0.0', '0.255.255.255'],
  ['private, class A', '10.0.0.0', '10.255.255.255'],
  ['shared by carriers (CGNAT)', '100.64.0.0', '100.127.255.255'],
  ['loopback', '127.0.0.0', '127.255.255.255'],
  ['link-local, metadata of clouds', '169.254.0.0', '169.254.255.255'],
  ['private, class B', '172.16.0.0', '172.31.255.255'],
  ['protocol assignments', '192.0.0.0', '192.0.0.255'],
  ['documentation 1', '192.0.2.0', '192.0.2.255'],
  ['6to4 relay', '192.88.99.0', '192.88.99.255'],
  ['private, class C', '192.168.0.0', '192.168.255.255'],
  ['benchmarks', '198.18.0.0', '198.19.255.255'],
  ['documentation 2', '198.51.100.0', '198.51.100.255'],
  ['documentation 3', '203.0.113.0', '203.0.113.255'],
  ['multicast', '224.0.0.0', '239.255.255.255'],
  ['reserved, and broadcast', '240.0.0.0', '255.255.255.255'],
  ['unspecified', '::', '::'],
  ['loopback, IPv6', '::1', '::1'],
  ['IPv4-compatible', '::2', '::ffff:ffff'],
  ['IPv4-mapped, private', '::ffff:10.0.0.0', '::ffff:10.255.255.255'],
  ['IPv4-mapped, loopback', '::ffff:7f00:0', '::ffff:7fff:ffff'],
  ['IPv4-translated (SIIT)', '::ffff:0:0:0', '::ffff:0:ffff:ffff'],
  ['translated to IPv4 (NAT64)', '64:ff9b::', '64:ff9b::ffff:ffff'],
  ['translated to IPv4, local', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard only', '100::', '100::ffff:ffff:ffff:ffff'],
  ['dummy prefix', '100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['Teredo', '2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['benchmarks, IPv6', '2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff'],
  ['ORCHID, old', '2001:10::', '2001:1f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['ORCHIDv2', '2001:20::', '2001:2f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['protocol assignments, the rest', '2001:100::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation, IPv6', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['6to4', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation, IPv6, second', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['not assigned', '4000::', '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['segment routing', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unique local', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['metadata of a cloud, IPv6', 'fd00:ec2::254', 'fd00:ec2::254'],
  ['link-local, IPv6', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site-local, old', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast, IPv6', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
] as const;

/** The addresses beside ranges, and addresses of real services. */
const publicOnes = [
  ...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.255.255', '192.169.0.0'],
  ...['198.17.255.255', '198.20.0.0', '198.51.99.255', '203.0.114.0', '223.255.255.255', '8.8.8.8'],
  ...['2001:200::', '2001:4860:4860::8888', '2003::1', '2606:4700::1111', '2a00:1450:4001:80b::200e', '::ffff:8.8.8.8'],
];

describe('an address of a range that is not public may not be called', () => {
  const mayCall = createMayCallAddress([]);
  it.each(ranges)('%s: %s to %s', (_, first, last) => {
    expect([first, last].map(mayCall)).toEqual([false, false]);
  });
});

it.each(publicOnes)('the public address %s may be called', (address) => {
  expect(createMayCallAddress([])(address)).toBe(true);
});

describe('the host of a URL is the address that it stands for', () => {
  it.each([
    ...['127.1', '127.0.1', '0177.0.0.1', '0x7f.0.0.1', '0x7f000001', '2130706433', '017700000001', '127.0.0.1.'],
    ...['①②⑦.⓪.⓪.①', '127。0。0。1', '%31%32%37.0.0.1', '0x7F.1', '00000177.1', '127.0x0.0.0x1'],
  ])('%s', (host) => {
    expect(literalAddress(new URL(`http://${host}/`).hostname)).toBe('127.0.0.1');
  });

  it.each([
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['[0000::0001]', '::1'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::FFFF:7F00:0001]', '::ffff:7f00:1'],
    ['[::127.0.0.1]', '::7f00:1'],
    ['[64:ff9b::127.0.0.1]', '64:ff9b::7f00:1'],
    ['[2002:7f00:1::]', '2002:7f00:1::'],
  ])('%s', (host, address) => {
    expect(literalAddress(new URL(`http://${host}/`).hostname)).toBe(address);
    expect(createMayCallAddress([])(address)).toBe(false);
  });

  it.each(['[fe80::1%25eth0]', '256.256.256.256', '0x100000000', '1.2.3.4.5', '[::1', '127.0.0.1:99999'])(
    '%s is no host of a URL',
    (host) => {
      expect(URL.canParse(`http://${host}/`)).toBe(false);
    },
  );
});
