import { networkInterfaces } from 'node:os';
import { createIsForbidden, portOf } from './forbidden-ports.ts';

const addresses = () => ['127.0.0.1', '192.168.7.2', 'fd00::2', 'fe80::2'];
const isForbidden = createIsForbidden([8071], addresses);

describe('a forbidden port', () => {
  it.each([
    ...['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0.0.0.0', '0.1.2.3', '::'],
    ...['192.168.7.2', '::ffff:192.168.7.2', 'fd00::2', 'fd00:0:0:0:0:0:0:2', 'fe80::2'],
  ])('is forbidden on %s, which is this machine', (address) => {
    expect(isForbidden(address, 8071)).toBe(true);
    expect(isForbidden(address, 8072)).toBe(false);
  });

  it.each(['192.168.7.3', 'fd00::3', '1.1.1.1', '2606:4700::1111'])('may be called on %s', (address) => {
    expect(isForbidden(address, 8071)).toBe(false);
  });

  it('is forbidden on the addresses that the machine has now', () => {
    const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const isForbiddenHere = createIsForbidden([8071]);
    expect(own.filter(({ address }) => !isForbiddenHere(address, 8071))).toEqual([]);
  });
});

it.each([
  ['http://a.example/', 80],
  ['https://a.example/', 443],
  ['http://a.example:8071/', 8071],
])('finds the port of %s', (url, port) => {
  expect(portOf(new URL(url))).toBe(port);
});
