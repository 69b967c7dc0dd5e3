import { connect } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createInvoker, TimedOut } from '../functions/invoker.ts';
import { aFunction } from '../testing/builders.ts';
import { createRoutes } from './routes.ts';
import { type HttpServer, serveHttp } from './serve.ts';

const log: string[] = [];
let server: HttpServer;
let answer: (event: APIGatewayProxyEventV2) => Promise<unknown>;
const invoker = createInvoker(() => undefined);

beforeAll(async () => {
  const events = [{ kind: 'route', method: 'POST', path: '/thing/{id}' }, { kind: 'fallback-route' }] as const;
  const functions = [aFunction('serve', events, (event) => answer(event))];
  const findRoute = createRoutes(functions, invoker.of);
  server = await serveHttp({ host: '127.0.0.1', port: 0, findRoute, log: (line) => log.push(line) });
});
afterAll(async () => {
  await server.stop(0);
  invoker.close();
});

const post = (path = '/thing/a%20b', init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', ...init });

it('passes a request in payload format 2.0, with every byte of its body', async () => {
  let event: APIGatewayProxyEventV2 | undefined;
  answer = async (given) => {
    event = given;
    return { statusCode: 204 };
  };
  const bytes = new Uint8Array([123, 255, 0, 125]);
  const headers = { 'X-One': '1', 'content-type': 'application/json', cookie: 'a=1; b=2' };
  const { status } = await post('/thing/a%20b?x=1&y=%20&x=2', { body: bytes, headers });
  expect(status).toBe(204);
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'POST /thing/{id}',
    rawPath: '/thing/a%20b',
    rawQueryString: 'x=1&y=%20&x=2',
    queryStringParameters: { x: '1,2', y: ' ' },
    headers: { 'x-one': '1', 'content-type': 'application/json', 'content-length': '4' },
    cookies: ['a=1', 'b=2'],
    pathParameters: { id: 'a b' },
    isBase64Encoded: true,
    body: Buffer.from(bytes).toString('base64'),
    requestContext: {
      http: { method: 'POST', path: '/thing/a%20b', sourceIp: '127.0.0.1' },
      routeKey: 'POST /thing/{id}',
    },
  });
});

it('sends no body to a function if the request has none, and writes headers, cookies and binary bodies', async () => {
  answer = async ({ body }) => ({
    statusCode: 201,
    headers: { 'x-body': String(body) },
    cookies: ['a=1', 'b=2'],
    isBase64Encoded: true,
    body: Buffer.from([1, 255]).toString('base64'),
  });
  const response = await post();
  expect([response.status, response.headers.get('x-body')]).toEqual([201, 'undefined']);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 255]));
});

it('answers JSON without a status with 200', async () => {
  answer = async () => ({ ok: true });
  const response = await post();
  expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
});

it.each<[string, () => Promise<unknown>, number]>([
  ['throws', () => Promise.reject(new Error('broken')), 500],
  ['returns nothing', async () => undefined, 500],
  ['returns a status that is none', async () => ({ statusCode: 99 }), 500],
  ['returns a body that is no text', async () => ({ statusCode: 200, body: {} }), 500],
  ['takes too long', () => Promise.reject(new TimedOut('serve', 10)), 503],
])('answers %i in the documented form if the function %s', async (_, result, status) => {
  answer = result;
  const response = await post();
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ code: expect.any(String), detail: expect.any(String) });
  expect(log.at(-1)).toContain('http: POST /thing/{id} failed');
  const id = response.headers.get('x-request-id');
  expect(id).toMatch(/^[\da-f-]{36}$/);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(log.at(-1)).toContain(`(request ${id})`);
});

it('refuses a body that no function accepts, whether or not its length is known', async () => {
  answer = async () => ({ statusCode: 204 });
  const large = new Uint8Array(11_000_000);
  for (const body of [large, new Blob([large]).stream()]) {
    const response = await post('/thing/a', { body, duplex: 'half' } as RequestInit).catch(() => undefined);
    // The server may close the connection before the client has sent everything.
    if (response) expect(response.status).toBe(413);
  }
  expect((await post()).status).toBe(204);
});

it.each(['/thing/%E9', '/%zz', '/thing/%ED%A0%80'])('refuses the path %s', async (path) => {
  const response = await post(path);
  expect([response.status, await response.json()]).toEqual([400, { code: 'bad_request', detail: expect.any(String) }]);
});

it('passes requests without a route to the fallback, and survives a client that disconnects', async () => {
  answer = async ({ routeKey }) => ({ statusCode: 404, body: routeKey });
  const socket = connect(server.port, '127.0.0.1');
  socket.write('POST /thing/x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n123');
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  expect(await (await post('/nowhere')).text()).toBe('$default');
});
