import { networkInterfaces } from 'node:os';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { createEgress, type Egress, type EgressOptions } from './egress.ts';

let receiver: Receiver;
const opened: Egress[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all([receiver.stop(), ...opened.splice(0).map((egress) => egress.close())]);
});

const anEgress = (options: Partial<EgressOptions> = {}) => {
  const egress = createEgress({ allowedSubnets: ['127.0.0.0/8', '::1/128'], allowHttp: true, ...options });
  opened.push(egress);
  return egress;
};
const send = (path: string, options: Partial<EgressOptions> = {}) =>
  anEgress(options).send({ url: `${receiver.url}${path}`, headers: { 'x-a': '1' }, body: '{"é":"\\u00e9 "}' });

describe('egress', () => {
  it('sends headers and body as they are', async () => {
    const result = await send('/a?b=c%20d');
    expect(result).toMatchObject({ outcome: { kind: 'accepted', status: 200 }, response: '' });
    expect(receiver.requests[0]).toMatchObject({ method: 'POST', path: '/a?b=c%20d', body: '{"é":"\\u00e9 "}' });
    expect(receiver.requests[0]?.headers).toMatchObject({ 'x-a': '1' });
  });

  it.each([
    [204, { kind: 'accepted', status: 204 }],
    [301, { kind: 'rejected', status: 301 }],
    [404, { kind: 'rejected', status: 404 }],
    [410, { kind: 'gone', status: 410 }],
    [500, { kind: 'rejected', status: 500 }],
  ])('classifies the status %i', async (status, outcome) => {
    receiver.respond('/', () => ({ status }));
    expect((await send('/')).outcome).toEqual(outcome);
  });

  it('follows no redirect', async () => {
    receiver.respond('/', () => ({ status: 307, headers: { location: `${receiver.url}/elsewhere` } }));
    await send('/');
    expect(receiver.requestsTo('/elsewhere')).toEqual([]);
  });

  it('returns the Retry-After of an endpoint', async () => {
    const headers = { date: 'Fri, 01 Jan 2021 00:00:00 GMT', 'retry-after': 'Fri, 01 Jan 2021 00:00:30 GMT' };
    receiver.respond('/', () => ({ status: 429, headers }));
    expect((await send('/')).outcome).toEqual({ kind: 'rejected', status: 429, retryAfterSeconds: 30 });
  });

  it('returns what an endpoint asks for by its header webhook-delivery', async () => {
    receiver.respond('/', () => ({ status: 200, headers: { 'Webhook-Delivery': 'disable' } }));
    receiver.respond('/later', () => ({ status: 500, headers: { 'webhook-delivery': 'abort-message' } }));
    expect((await send('/')).outcome).toEqual({ kind: 'accepted', status: 200, asks: 'disable' });
    expect((await send('/later')).outcome).toEqual({ kind: 'rejected', status: 500, asks: 'abort-message' });
  });

  it('does not send again if a new connection was reset: the request may have been handled', async () => {
    receiver.respond('/', () => 'reset');
    expect((await send('/')).outcome).toEqual({ kind: 'unreachable', reason: 'reset' });
    expect(receiver.requests).toHaveLength(1);
  });

  it('does not let an endpoint that hangs hold up another request to it', async () => {
    receiver.respond('/hang', () => 'hang');
    const egress = anEgress();
    const hanging = egress.send({ url: `${receiver.url}/hang`, headers: {}, body: '' });
    await receiver.waitFor((requests) => requests.length === 1);
    expect((await egress.send({ url: receiver.url, headers: {}, body: '' })).outcome.kind).toBe('accepted');
    await receiver.stop();
    expect((await hanging).outcome.kind).toBe('unreachable');
  });

  it.each([
    ['user:p%40ss', 'user:p@ss'],
    ['user', 'user:'],
    ['100%:é', '100%:é'],
  ])('makes a URL’s credentials %s an Authorization header', async (userinfo, credentials) => {
    await anEgress().send({ url: receiver.url.replace('//', `//${userinfo}@`), headers: {}, body: '' });
    expect(receiver.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(credentials).toString('base64')}`);
  });

  it('prefers an endpoint’s own Authorization header to the credentials of its URL', async () => {
    const url = receiver.url.replace('//', '//user:secret@');
    await anEgress().send({ url, headers: { AUTHORIZATION: 'own' }, body: '' });
    expect(receiver.requests[0]?.headers.authorization).toBe('own');
  });

  it.each(['a\r\nx-injected: 1', 'a\nb', 'nul\0', '日本'])(
    'throws for the header value %j, which is our fault',
    async (value) => {
      const sending = anEgress().send({ url: receiver.url, headers: { 'x-a': value }, body: '' });
      await expect(sending).rejects.toMatchObject({ code: 'ERR_INVALID_CHAR' });
      expect(receiver.requests).toEqual([]);
    },
  );

  it('throws for an invalid header name', async () => {
    const sending = anEgress().send({ url: receiver.url, headers: { 'x a': '' }, body: '' });
    await expect(sending).rejects.toMatchObject({ code: 'ERR_INVALID_HTTP_TOKEN' });
  });

  it.each(['', 'no url', 'http://', 'https://[::1', 'http://a:99999/'])(
    'throws for %j, which is no URL',
    async (url) => {
      await expect(anEgress().send({ url, headers: {}, body: '' })).rejects.toMatchObject({ code: 'ERR_INVALID_URL' });
    },
  );

  it('rethrows an error that is our own fault', async () => {
    const resolve = () => Promise.reject(new TypeError('undefined is not a function'));
    const sending = anEgress({ resolve }).send({ url: 'http://example.com', headers: {}, body: '' });
    await expect(sending).rejects.toThrow('undefined is not a function');
  });

  it('sends every header value that the API accepts, byte for byte', async () => {
    const value = Buffer.from(Array.from({ length: 0x100 - 0xa1 }, (_, n) => n + 0xa1)).toString('latin1');
    await anEgress().send({ url: receiver.url, headers: { 'x-high': value, 'x-empty': '' }, body: '漢' });
    expect(receiver.requests[0]).toMatchObject({ headers: { 'x-high': value, 'x-empty': '' }, body: '漢' });
  });
});

describe('the guard', () => {
  const blocked = { kind: 'unreachable', reason: 'blocked' };
  const aRequest = (host: string, scheme = 'http') => ({
    url: `${scheme}://${host}:${new URL(receiver.url).port}/`,
    headers: {},
    body: '',
  });

  it.each([
    ...['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '①②⑦.0.0.1', '0.0.0.0', 'localhost'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]'],
  ])('makes no request to %s if loopback is not allowed, and reveals nothing about it', async (host) => {
    const { outcome, response } = await anEgress({ allowedSubnets: [] }).send(aRequest(host));
    expect(outcome).toEqual(blocked);
    expect(response).not.toContain('127.0.0.1');
    expect(receiver.requests).toEqual([]);
  });

  it.each([
    ['http where only https may be called', 'http', { allowHttp: false }],
    ['another scheme', 'ftp', {}],
    ['a private address', 'https', { allowedSubnets: [] }],
  ])('gives the same result for %s', async (_, scheme, options) => {
    const { outcome, response } = await anEgress(options).send(aRequest('127.0.0.1', scheme));
    expect(outcome).toEqual(blocked);
    expect(response).toBe((await anEgress().send(aRequest('10.0.0.1'))).response);
    expect(receiver.requests).toEqual([]);
  });

  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  it.each([
    ...['127.0.0.1', '127.1', '127.9.9.9', '2130706433', '0.0.0.0', 'localhost', '[::1]', '[::]', '[::ffff:127.0.0.1]'],
    ...own.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ])('makes no request to a forbidden port on %s although every network is allowed, and says why', async (host) => {
    const forbiddenPorts = [Number(new URL(receiver.url).port)];
    const egress = anEgress({ allowedSubnets: ['0.0.0.0/0', '::/0'], forbiddenPorts });
    const { outcome, response } = await egress.send(aRequest(host));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'own-port' });
    expect(response).toContain('it leads to a port of the service that sends the webhooks');
    expect(receiver.requests).toEqual([]);
  });

  it('makes no request to a forbidden port of a name that leads to this machine', async () => {
    const forbiddenPorts = [Number(new URL(receiver.url).port)];
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const { outcome } = await anEgress({ resolve, forbiddenPorts }).send(aRequest('posthorn.example'));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'own-port' });
    expect(receiver.requests).toEqual([]);
  });

  it('makes no request to a port that is not allowed, and says why', async () => {
    const port = Number(new URL(receiver.url).port);
    const { outcome, response } = await anEgress({ allowedPorts: [443, port + 1] }).send(aRequest('localhost'));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'port-not-allowed' });
    expect(response).toContain('its port is not one of those that the operator allows');
    expect(receiver.requests).toEqual([]);
    expect((await anEgress({ allowedPorts: [443, port] }).send(aRequest('localhost'))).outcome.kind).toBe('accepted');
  });

  it.each([
    ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.0.1', '224.0.0.1'],
    ...['240.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::7f00:1', '64:ff9b::a00:1', '2001::1'],
    ...['2002:a00:1::', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '100::1', '2001:db8::1'],
  ])('makes no request to a name with the address %s', async (address) => {
    const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
    const { outcome } = await anEgress({ resolve, allowedSubnets: [] }).send(aRequest('private.example'));
    expect(outcome).toEqual(blocked);
    expect(receiver.requests).toEqual([]);
  });

  it('refuses a name with one forbidden address among others', async () => {
    const resolve = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ];
    expect((await anEgress({ resolve }).send(aRequest('two-faced.example'))).outcome).toEqual(blocked);
  });

  it('dials the address that it checked, so that a name cannot change behind the check', async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    };
    expect((await anEgress({ resolve }).send(aRequest('rebinding.example'))).outcome.kind).toBe('accepted');
    expect(asked).toBe(1);
  });

  it('checks a name again before the second try of a request on a closed connection', async () => {
    receiver.respond('/', ({ order }) => (order === 1 ? { status: 200 } : 'reset'));
    const addresses = ['127.0.0.1', '169.254.169.254'];
    const egress = anEgress({ resolve: async () => [{ address: addresses.shift() ?? '', family: 4 }] });
    expect((await egress.send(aRequest('rebinding.example'))).outcome.kind).toBe('accepted');
    expect((await egress.send(aRequest('rebinding.example'))).outcome).toEqual(blocked);
    expect(receiver.requests).toHaveLength(2);
  });

  it('throws at its creation for an allowed network that is not CIDR', () => {
    expect(() => anEgress({ allowedSubnets: ['127.0.0.1'] })).toThrow('CIDR');
  });
});
