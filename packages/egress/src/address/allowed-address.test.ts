import { createMayCallAddress, literalAddress } from './allowed-address.ts';

const refused = [
  ...[
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...['192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::127.0.0.1', 'fe80::1'],
  ...['fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001::1', '64:ff9b::7f00:1'],
  ...[
    '64:ff9b:1::1',
    '100::1',
    '3fff::1',
    '5f00::1',
    '::7f00:1',
    '::a00:1',
    '::ffff:0:7f00:1',
    '100:0:0:1::1',
    '4000::1',
    'fe80::1%eth0',
    'not an address',
    '',
  ],
];

describe('an address', () => {
  it.each(refused)('that is %j may not be called', (address) => {
    expect(createMayCallAddress([])(address)).toBe(false);
  });

  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '::ffff:8.8.8.8', '2606:4700::1111'])(
    'that is %s may be called',
    (address) => {
      expect(createMayCallAddress([])(address)).toBe(true);
    },
  );

  it('in an allowed network may be called, and no other private one', () => {
    const mayCall = createMayCallAddress(['10.1.0.0/16', 'fd00::/8']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1'].map(mayCall)).toEqual([true, true, true]);
    expect(['10.2.0.1', '127.0.0.1', 'fc00::1'].map(mayCall)).toEqual([false, false, false]);
  });

  it.each([
    ['http://127.1/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://①②⑦.0.0.1/', '127.0.0.1'],
    ['http://[::1]/', '::1'],
    ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['http://localhost/', undefined],
  ])('is found in %s in any notation', (url, address) => {
    expect(literalAddress(new URL(url).hostname)).toBe(address);
  });
});
