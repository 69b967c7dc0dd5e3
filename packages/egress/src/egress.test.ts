import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { createEgress, type Egress, type EgressOptions } from './egress.ts';

let receiver: Receiver;
const opened: Egress[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all([receiver.stop(), ...opened.splice(0).map((egress) => egress.close())]);
  await closeRawServers();
});

const anEgress = (options: Partial<EgressOptions> = {}) => {
  const egress = createEgress({ allowedSubnets: ['127.0.0.0/8', '::1/128'], allowHttp: true, ...options });
  opened.push(egress);
  return egress;
};
const send = (path: string, options: Partial<EgressOptions> = {}) =>
  anEgress(options).send({ url: `${receiver.url}${path}`, headers: { 'x-a': '1' }, body: '{"é":"\\u00e9 "}' });

/** A server that does with each connection what no HTTP server would. */
const rawServers: Server[] = [];
const rawSockets: Socket[] = [];
async function startRawServer(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    rawSockets.push(socket);
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  rawServers.push(server);
  return typeof address === 'object' && address ? address.port : 0;
}

const closeRawServers = () => {
  for (const socket of rawSockets.splice(0)) socket.destroy();
  return Promise.all(rawServers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
};

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
  ])('takes %i for what it is', async (status, outcome) => {
    receiver.respond('/', () => ({ status }));
    expect((await send('/')).outcome).toEqual(outcome);
  });

  it('follows no redirect', async () => {
    receiver.respond('/', () => ({ status: 307, headers: { location: `${receiver.url}/elsewhere` } }));
    await send('/');
    expect(receiver.requestsTo('/elsewhere')).toEqual([]);
  });

  it('reads Retry-After in seconds and as a date', async () => {
    receiver.respond('/seconds', () => ({ status: 429, headers: { 'retry-after': '7.2' } }));
    receiver.respond('/over', () => ({ status: 503, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } }));
    receiver.respond('/neither', () => ({ status: 503, headers: { 'retry-after': 'soon' } }));
    expect((await send('/seconds')).outcome).toMatchObject({ retryAfterSeconds: 8 });
    expect((await send('/over')).outcome).toMatchObject({ retryAfterSeconds: 0 });
    expect((await send('/neither')).outcome).toEqual({ kind: 'rejected', status: 503 });
  });

  it('keeps 20,000 bytes of an answer and no half of a character', async () => {
    receiver.respond('/', () => ({ status: 200, body: `a${'é'.repeat(100_000)}` }));
    const { response, outcome } = await send('/');
    expect(outcome.kind).toBe('accepted');
    expect(response).toBe(`a${'é'.repeat(9_999)}`);
  });

  it('shows an answer that is no text as base64', async () => {
    const port = await startRawServer((socket) =>
      socket.end(
        Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n'), Buffer.from([0xff, 0xfe])]),
      ),
    );
    const { response } = await anEgress().send({ url: `http://127.0.0.1:${port}`, headers: {}, body: '' });
    expect(response).toBe('//4=');
  });

  it('ends an exchange at its time limit: without an answer, or with one that drips', async () => {
    receiver.respond('/hang', () => 'hang');
    expect((await send('/hang', { timeoutMs: 100 })).outcome).toEqual({ kind: 'unreachable', reason: 'timeout' });
    const port = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const drip = setInterval(() => socket.write('.'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const dripping = { url: `http://127.0.0.1:${port}`, headers: {}, body: '' };
    expect((await anEgress({ timeoutMs: 200 }).send(dripping)).outcome).toEqual({
      kind: 'unreachable',
      reason: 'timeout',
    });
  });

  it('tries a reset connection once more, and then calls it a reset', async () => {
    receiver.respond('/once', ({ order }) => (order === 1 ? 'reset' : { status: 200 }));
    receiver.respond('/always', () => 'reset');
    expect((await send('/once')).outcome.kind).toBe('accepted');
    expect((await send('/always')).outcome).toEqual({ kind: 'unreachable', reason: 'reset' });
    expect(receiver.requestsTo('/always')).toHaveLength(2);
  });

  it('names what kept it from reaching an endpoint', async () => {
    const port = await startRawServer((socket) => socket.end('no TLS here'));
    const outcomeOf = async (url: string) => (await anEgress().send({ url, headers: {}, body: '' })).outcome;
    expect(await outcomeOf(`https://127.0.0.1:${port}`)).toEqual({ kind: 'unreachable', reason: 'tls' });
    await closeRawServers();
    expect(await outcomeOf(`http://127.0.0.1:${port}`)).toEqual({ kind: 'unreachable', reason: 'refused' });
    expect(await outcomeOf('http://no-such-name.invalid')).toEqual({ kind: 'unreachable', reason: 'dns' });
    expect(await outcomeOf('no url')).toEqual({ kind: 'unreachable', reason: 'other' });
  });

  it('makes a URL’s credentials an Authorization header, and never a part of the path', async () => {
    const url = receiver.url.replace('//', '//user:p%40ss@');
    await anEgress().send({ url, headers: {}, body: '' });
    await anEgress().send({ url, headers: { Authorization: 'own' }, body: '' });
    const sent = receiver.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual([`Basic ${Buffer.from('user:p@ss').toString('base64')}`, 'own']);
  });

  it('sends over http only where that is allowed', async () => {
    expect((await send('/', { allowHttp: false })).outcome).toEqual({ kind: 'unreachable', reason: 'blocked' });
    expect(receiver.requests).toEqual([]);
  });
});

describe('the guard', () => {
  const blocked = { kind: 'unreachable', reason: 'blocked' };
  const portOf = (url: string) => new URL(url).port;

  it.each(['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost'])(
    'makes no request to %s when loopback is not allowed',
    async (host) => {
      const request = { url: `http://${host}:${portOf(receiver.url)}/`, headers: {}, body: '' };
      const { outcome, response } = await anEgress({ allowedSubnets: [] }).send(request);
      expect(outcome).toEqual(blocked);
      expect(response).not.toContain('127.0.0.1');
      expect(receiver.requests).toEqual([]);
    },
  );

  it('refuses a name with one forbidden address among others', async () => {
    const resolve = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ];
    const request = { url: `http://two-faced.example:${portOf(receiver.url)}/`, headers: {}, body: '' };
    expect((await anEgress({ resolve }).send(request)).outcome).toEqual(blocked);
  });

  it('dials the address that it checked, so that a name cannot change behind the check', async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    };
    const request = { url: `http://rebinding.example:${portOf(receiver.url)}/`, headers: {}, body: '' };
    expect((await anEgress({ resolve }).send(request)).outcome.kind).toBe('accepted');
    expect(asked).toBe(1);
  });
});
