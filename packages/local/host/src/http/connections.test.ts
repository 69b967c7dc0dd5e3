import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createInvoker } from '../functions/invoker.ts';
import { aFunction } from '../testing/builders.ts';
import { openRawClient, readLastAnswer } from '../testing/raw-client.ts';
import type { HttpLimits } from './limits.ts';
import { createRoutes } from './routes.ts';
import { type HttpServer, serveHttp } from './serve.ts';

let server: HttpServer;
/** The lines of the access log. */
let lines: AccessLine[];
let answer: (event: APIGatewayProxyEventV2) => Promise<unknown>;
interface AccessLine {
  readonly requestId: string;
  readonly status: number;
}

const invoker = createInvoker(() => undefined);

async function serve(limits: Partial<HttpLimits> = {}): Promise<void> {
  const events = [{ kind: 'route', method: 'POST', path: '/thing' }, { kind: 'fallback-route' }] as const;
  const functions = [aFunction('serve', events, (event) => answer(event))];
  const findRoute = createRoutes(functions, invoker.of);
  lines = [];
  const writeAccess = (line: string) => void lines.push(JSON.parse(line));
  server = await serveHttp({ host: '127.0.0.1', port: 0, findRoute, log: () => undefined, limits, writeAccess });
}
const open = () => openRawClient(server.port);

beforeEach(() => {
  answer = async ({ rawPath, body, requestContext }) => ({
    statusCode: 200,
    headers: { 'x-method': requestContext.http.method },
    body: `${rawPath} ${Buffer.from(body ?? '', 'base64')}.`,
  });
});
afterEach(() => server.stop(0));
afterAll(() => invoker.close());

/** Notes the server's ends of connections. Node tells of each one here. */
function noteAccepted() {
  const sockets: Socket[] = [];
  const note = (message: unknown) => void sockets.push((message as { readonly socket: Socket }).socket);
  subscribe('net.server.socket', note);
  return { sockets, end: () => void unsubscribe('net.server.socket', note) };
}

const documented = (status: number) => ({ status, body: { code: expect.any(String), detail: expect.any(String) } });
const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
const post = (body: string, more = '') =>
  `POST /thing HTTP/1.1\r\nhost: x\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;

/** Passes far sooner than the limits that a test does not set. */
const soon: Partial<HttpLimits> = { lookEveryMs: 50, lingerMs: 50 };

describe('slow senders', () => {
  it.each<[string, Partial<HttpLimits>, string]>([
    ['never sends a byte', { headersMs: 200 }, ''],
    ['never ends its headers', { headersMs: 200 }, 'GET / HTTP/1.1\r\nhost: x\r\n'],
    ['never ends its body', { requestMs: 200 }, 'POST /thing HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n12'],
    [
      'never ends its chunks',
      { requestMs: 200 },
      'POST /thing HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
    ],
  ])('answers 408 and disconnects a client that %s', async (_, limits, text) => {
    await serve({ ...soon, headersMs: 60_000, ...limits, ...(limits.requestMs && { headersMs: limits.requestMs }) });
    const client = await open();
    client.send(text);
    expect(readLastAnswer(await client.closed())).toEqual(documented(408));
  });

  it('does so although a byte arrives from time to time', async () => {
    await serve({ ...soon, headersMs: 200, requestMs: 200 });
    const client = await open();
    client.send('POST /thing HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n');
    const timer = setInterval(() => client.send('1'), 20);
    expect(readLastAnswer(await client.closed())).toEqual(documented(408));
    clearInterval(timer);
  });

  it('disconnects a client that does not read its answer', async () => {
    await serve({ silentMs: 200 });
    answer = async () => ({ statusCode: 200, body: 'x'.repeat(20_000_000) });
    const accepting = noteAccepted();
    const client = await open();
    while (accepting.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve));
    accepting.end();
    client.socket.pause();
    client.send(get('/'));
    const [accepted] = accepting.sockets;
    if (accepted && !accepted.closed) await once(accepted, 'close');
    client.socket.resume();
    expect((await client.closed()).length).toBeLessThan(20_000_000);
  });
});

it('keeps idle connections for longer than a minute, so that a proxy closes them first', async () => {
  await serve();
  const client = await open();
  client.send(get('/'));
  const [, seconds] = /keep-alive: timeout=(\d+)/i.exec(await client.until(/\.$/)) ?? [];
  expect(Number(seconds)).toBeGreaterThanOrEqual(65);
});

describe('malformed requests', () => {
  it.each([
    ['not HTTP', 'hello\r\n\r\n', 400],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00', 400],
    ['two lengths', 'POST /thing HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n12', 400],
    [
      'a length and chunks',
      'POST /thing HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nhost: x\r\nHost: y\r\nconnection: close\r\n\r\n', 400],
    ['a path that is not percent-encoded', 'GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400],
    ['headers that are too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nhost: x\r\nexpect: tea\r\nconnection: close\r\n\r\n', 417],
  ])('answers %s in the documented form', async (_, text, status) => {
    await serve(soon);
    const client = await open();
    client.send(text);
    const received = await client.closed();
    expect(readLastAnswer(received)).toEqual(documented(status));
    expect(received).toMatch(/\r\naccess-control-allow-origin: \*\r\n/);
    const [, requestId] = /\r\nx-request-id: ([\da-f-]{36})\r\n/.exec(received) ?? [];
    expect(lines).toEqual([expect.objectContaining({ message: 'request.answered', requestId, status })]);
  });

  it('repeats the id of the client, and writes a line without the query', async () => {
    await serve(soon);
    const client = await open();
    client.send('GET /%zz?token=secret HTTP/1.1\r\nhost: x\r\nSvix-Req-Id: 4711\r\nconnection: close\r\n\r\n');
    expect(await client.closed()).toMatch(/\r\nsvix-req-id: 4711\r\n/);
    expect(lines).toEqual([
      {
        level: 'INFO',
        message: 'request.answered',
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        service: 'posthorn-http',
        method: 'GET',
        path: '/%zz',
        requestId: expect.any(String),
        sentRequestId: '4711',
        status: 400,
        reason: 'bad_request',
        durationMs: expect.any(Number),
      },
    ]);
  });

  it.each(['a b', 'x'.repeat(65)])('does not repeat the id %j', async (id) => {
    await serve(soon);
    const client = await open();
    client.send(`GET /%zz HTTP/1.1\r\nhost: x\r\nsvix-req-id: ${id}\r\nconnection: close\r\n\r\n`);
    expect(await client.closed()).not.toMatch(/svix-req-id/);
  });

  it('answers the requests before a malformed one first', async () => {
    await serve(soon);
    const mayAnswer = Promise.withResolvers<void>();
    const normal = answer;
    answer = async (event) => {
      await mayAnswer.promise;
      return normal(event);
    };
    const client = await open();
    client.send(`${get('/first')}nonsense\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.received()).toBe('');
    mayAnswer.resolve();
    const text = await client.closed();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK.*\/first \.HTTP\/1\.1 400 Bad Request/s);
    expect(readLastAnswer(text)).toEqual(documented(400));
  });

  it('serves a client that speaks HTTP/1.0, and one that sends whole URLs', async () => {
    await serve();
    const old = await open();
    old.send('GET /old HTTP/1.0\r\n\r\n');
    expect(await old.closed()).toMatch(/^HTTP\/1\.1 200 OK.*\/old \.$/s);
    const proxied = await open();
    proxied.send('GET http://x/new?a=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(await proxied.closed()).toMatch(/\/new \.$/);
  });
});

describe('several requests on a connection', () => {
  it('serves pipelined requests one after the other, and answers them in order', async () => {
    await serve();
    const seen: string[] = [];
    answer = async ({ rawPath }) => {
      seen.push(`begins ${rawPath}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(`ends ${rawPath}`);
      return { statusCode: 200, body: `${rawPath}.` };
    };
    const client = await open();
    client.send(get('/1') + get('/2') + get('/3'));
    expect(await client.until(/\/3\./)).toMatch(/\/1\..*\/2\..*\/3\./s);
    expect(seen).toEqual(['/1', '/2', '/3'].flatMap((path) => [`begins ${path}`, `ends ${path}`]));
  });

  it('disconnects a client that sends requests without end and waits for no answer', async () => {
    await serve();
    let count = 0;
    answer = () => {
      count += 1;
      return new Promise(() => undefined);
    };
    const client = await open();
    client.send(get('/').repeat(1_000));
    expect(await client.closed()).toBe('');
    expect(count).toBe(1);
  });
});

describe('Expect: 100-continue', () => {
  it('asks for the body, and then answers', async () => {
    await serve();
    const client = await open();
    client.send('POST /thing HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n');
    expect(await client.until(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('ok');
    expect(await client.until(/\.$/)).toMatch(/\/thing ok\.$/);
  });

  it('answers 413 before it has read a body that is too large', async () => {
    await serve();
    const client = await open();
    client.send('POST /thing HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n');
    const text = await client.closed();
    expect(text).not.toContain('100 Continue');
    expect(readLastAnswer(text)).toEqual(documented(413));
  });
});

it('answers HEAD without a body, with the length that it would have', async () => {
  await serve();
  const client = await open();
  client.send(`HEAD /x HTTP/1.1\r\nhost: x\r\n\r\n${get('/y')}`);
  const [head, next, body] = (await client.until(/\.$/)).split('\r\n\r\n');
  expect(head).toMatch(/x-method: HEAD\r\ncontent-length: 4\r\n/);
  expect(next).toMatch(/^HTTP\/1\.1 200 OK\r\nx-method: GET/);
  expect(body).toBe('/y .');
});

it('passes OPTIONS to the functions', async () => {
  await serve();
  const response = await fetch(`http://127.0.0.1:${server.port}/thing`, { method: 'OPTIONS' });
  expect(response.headers.get('x-method')).toBe('OPTIONS');
});

it('answers 413 to a client that has sent a body that is too large, and goes on with the next request', async () => {
  await serve();
  const client = await open();
  client.send(post('x'.repeat(11_000_000)));
  expect(readLastAnswer(await client.until(/\}$/))).toEqual(documented(413));
  client.send(post('small'));
  expect(await client.until(/\.$/)).toMatch(/\/thing small\.$/);
});
