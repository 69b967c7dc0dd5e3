import { createConnectionCounts } from './count-connections.ts';

const admissions = (addresses: readonly string[], limit = 2) => {
  const counts = createConnectionCounts(limit);
  return addresses.map((address) => counts.admit(address));
};
const five = ['accept', 'accept', 'refuse', 'refuse', 'drop'];

it('accepts connections up to the limit, answers as many again, and drops further ones', () => {
  expect(admissions(Array(5).fill('192.0.2.1'))).toEqual(five);
});

it('counts each address by itself', () => {
  expect(admissions(['192.0.2.1', '192.0.2.2', '192.0.2.1', '192.0.2.2'])).toEqual(Array(4).fill('accept'));
});

it.each([
  ['one written in IPv6', ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1']],
  ['all of an IPv6 network', ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:9::', '2001:db8:0:0:1:2:3:4', '2001:db8::']],
])('counts %s as one address', (_, addresses) => {
  expect(admissions(addresses)).toEqual(five);
});

it.each([['2001:db8::1', '2001:db8:0:1::1', '2001:db8:1::1', '2001:db9::1']])(
  'tells IPv6 networks apart',
  (...addresses) => {
    expect(admissions(addresses, 1)).toEqual(Array(4).fill('accept'));
  },
);

it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('has no limit for %s, where a proxy sits', (address) => {
  expect(admissions(Array(9).fill(address))).toEqual(Array(9).fill('accept'));
});

it('has no limit at all if it is 0', () => {
  expect(admissions(Array(9).fill('192.0.2.1'), 0)).toEqual(Array(9).fill('accept'));
});

it('accepts again when connections are closed', () => {
  const counts = createConnectionCounts(1);
  expect(['192.0.2.1', '192.0.2.1'].map(counts.admit)).toEqual(['accept', 'refuse']);
  counts.closed('192.0.2.1');
  expect(counts.admit('192.0.2.1')).toBe('refuse');
  counts.closed('192.0.2.1');
  counts.closed('192.0.2.1');
  expect(counts.admit('192.0.2.1')).toBe('accept');
});
