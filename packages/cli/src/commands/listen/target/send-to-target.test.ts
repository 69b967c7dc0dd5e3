import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type ServerAnswer, startServer, type TestServer } from '../../../testing/start-server.ts';
import { createLoopbackLookup, type LookUpAll } from './find-addresses.ts';
import { addressInUrl, isLoopbackAddress } from './loopback.ts';
import { sendToTarget } from './send-to-target.ts';

const request = { method: 'POST', headers: { 'x-a': '1' }, body: 'é' };
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
});

async function aTarget(answer: ServerAnswer): Promise<TestServer> {
  const server = await startServer(() => answer);
  endings.push(server.stop);
  return server;
}

/** A server that speaks bytes. */
async function aSocketTarget(onConnection: (socket: Socket) => void): Promise<URL> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => onConnection(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(async () => server.close());
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const send = (url: string | URL, more: Partial<Parameters<typeof sendToTarget>[0]> = {}) =>
  sendToTarget({ url: new URL(url), insecure: false, ...more }, request);

describe('what the target answers', () => {
  it.each([200, 204, 301, 410, 500])('is the result, if it is %d', async (status) => {
    const target = await aTarget({ status, headers: { location: 'http://192.0.2.1/' } });
    expect(await send(target.url)).toEqual({ kind: 'answered', status, ms: expect.any(Number) });
    expect(target.requests).toEqual([
      expect.objectContaining({ body: 'é', headers: expect.objectContaining({ 'x-a': '1', 'content-length': '2' }) }),
    ]);
  });

  it('has the credentials of the URL', async () => {
    const target = await aTarget(200);
    await send(target.url.replace('//', '//me:secret@'));
    expect(target.requests[0]?.headers.authorization).toBe(`Basic ${btoa('me:secret')}`);
  });

  it.each([
    ['nothing', ''],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc'],
    ['another protocol', '220 mail.example.com ESMTP\r\n'],
    ['an upgrade', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
  ])('is broken, if it is %s', async (_, text) => {
    const url = await aSocketTarget((socket) => socket.end(text));
    expect(await send(url)).toMatchObject({ kind: 'broken', reason: expect.any(String) });
  });

  it('is broken, if it does not come in time', async () => {
    const url = await aSocketTarget((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc'));
    expect(await send(url, { timeoutMs: 100 })).toMatchObject({
      kind: 'broken',
      reason: 'no complete answer within 0.1 s',
    });
  });

  it('counts, if it never ends', async () => {
    const url = await aSocketTarget((socket) => {
      socket.write('HTTP/1.1 202 Accepted\r\n\r\n');
      const more = () => socket.writable && socket.write('x'.repeat(65_536), more);
      more();
    });
    expect(await send(url)).toMatchObject({ kind: 'answered', status: 202 });
  });
});

describe('a target that takes no connection', () => {
  it('is unreachable, if nothing listens', async () => {
    const target = await aTarget(200);
    await target.stop();
    endings.length = 0;
    expect(await send(target.url)).toMatchObject({
      kind: 'unreachable',
      reason: 'nothing listens there (ECONNREFUSED)',
    });
  });

  it('is unreachable, if it does not speak TLS', async () => {
    const target = await aTarget(200);
    expect(await send(target.url.replace('http:', 'https:'))).toMatchObject({ kind: 'unreachable' });
  });

  it('is unreachable, if it was stopped before', async () => {
    const target = await aTarget('hang');
    const result = await sendToTarget({ url: new URL(target.url), insecure: false }, request, AbortSignal.abort());
    expect(result).toMatchObject({ kind: 'unreachable', reason: 'stopped' });
  });
});

describe('a name', () => {
  const lookingUp =
    (...addresses: readonly LookupAddress[]): LookUpAll =>
    (_host, _options, callback) =>
      callback(null, [...addresses]);
  const own = { address: '127.0.0.1', family: 4 };

  it('is looked up for the connection, and leads to this machine', async () => {
    const target = await aTarget(200);
    const lookup = createLoopbackLookup(lookingUp(own, { address: '::1', family: 6 }));
    expect(await send(`http://dev.example.com:${target.port}/`, { lookup })).toMatchObject({ kind: 'answered' });
  });

  it.each([
    [[{ address: '192.0.2.1', family: 4 }]],
    [[own, { address: '192.0.2.1', family: 4 }]],
    [[own, { address: '2001:db8::1', family: 6 }]],
    [[{ address: '0.0.0.0', family: 4 }]],
  ])('that leads to %j gets nothing', async (addresses) => {
    const target = await aTarget(200);
    const lookup = createLoopbackLookup(lookingUp(...addresses));
    expect(await send(`http://dev.example.com:${target.port}/`, { lookup })).toMatchObject({
      kind: 'forbidden',
      reason: expect.stringContaining('not this machine'),
    });
    expect(target.requests).toEqual([]);
  });
});

describe('an address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:7f00:1', true],
    ['128.0.0.1', false],
    ['0.0.0.0', false],
    ['::', false],
    ['::2', false],
    ['::ffff:192.0.2.1', false],
    ['::127.0.0.1', false],
    ['fe80::1', false],
    ['localhost', false],
    ['', false],
  ])('%s is this machine: %s', (address, expected) => expect(isLoopbackAddress(address)).toBe(expected));

  it.each([
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://[::1]:80/', '::1'],
    ['http://[::FFFF:127.0.0.1]/', '::ffff:7f00:1'],
    ['http://localhost/', undefined],
    ['http://127.0.0.1.example.com/', undefined],
  ])('of %s is %s', (url, address) => expect(addressInUrl(new URL(url))).toBe(address));
});
