import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createInvoker } from '../functions/invoker.ts';
import { aFunction } from '../testing/builders.ts';
import { createOpenRequests } from './open-requests.ts';
import { createRoutes } from './routes.ts';
import { type HttpServer, serveHttp } from './serve.ts';

const invoker = createInvoker(() => undefined);
let server: HttpServer | undefined;
afterEach(async () => {
  await server?.stop(0);
  server = undefined;
});
afterAll(() => invoker.close());

/** A server with a function that holds each request until it is to end, and what has become of the requests. */
async function aHoldingServer() {
  const openRequests = createOpenRequests();
  const [began, ended] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
  const hold = async ({ requestContext: { requestId } }: APIGatewayProxyEventV2) => {
    const end = openRequests.endOf(requestId);
    began.resolve(requestId);
    if (!end.aborted) await once(end, 'abort');
    ended.resolve();
    return { statusCode: 204 };
  };
  const functions = [aFunction('hold', [{ kind: 'fallback-route' }], hold)];
  const findRoute = createRoutes(functions, invoker.of);
  server = await serveHttp({ host: '127.0.0.1', port: 0, findRoute, log: () => undefined, openRequests });
  const url = `http://127.0.0.1:${server.port}/`;
  return { openRequests, url, stop: server.stop, began: began.promise, ended: ended.promise };
}

it('lets a request end when its client has gone', async () => {
  const { url, began, ended, openRequests } = await aHoldingServer();
  const client = new AbortController();
  const answer = fetch(url, { signal: client.signal });
  const requestId = await began;
  expect(openRequests.endOf(requestId).aborted).toBe(false);
  client.abort();
  await expect(answer).rejects.toThrow();
  await ended;
  // It is not listed any more.
  expect(openRequests.endOf(requestId).aborted).toBe(true);
});

it('answers all requests that are held when it stops, and keeps no connection open', async () => {
  const { url, began, stop } = await aHoldingServer();
  const agent = new Agent({ keepAlive: true });
  const request = get(url, { agent });
  const answered = once(request, 'response');
  await began;
  // It would not end before the connections are closed.
  await stop(60_000);
  const [{ statusCode, headers }] = await answered;
  expect([statusCode, headers.connection]).toEqual([204, 'close']);
  agent.destroy();
});

it('holds no request that comes while it stops', async () => {
  const { openRequests, url } = await aHoldingServer();
  openRequests.endAll();
  const { status, headers } = await fetch(url);
  expect([status, headers.get('connection')]).toEqual([204, 'close']);
});
