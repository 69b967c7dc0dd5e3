import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { callTimeLimit } from './call-time-limit.ts';
import { connectionSettings } from './connection-settings.ts';

let server: Server;
let requests = 0;
afterEach(() => {
  requests = 0;
  server.closeAllConnections();
  server.close();
});

/** Calls a server that responds with `respond`, with a client that has these limits. */
async function callTo(respond: RequestListener, limits: { readonly tryMs: number; readonly totalMs: number }) {
  server = createServer((request, response) => {
    requests += 1;
    respond(request, response);
  }).listen(0);
  await once(server, 'listening');
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'a' },
    maxAttempts: 50,
    requestHandler: connectionSettings(limits),
  });
  client.middlewareStack.use(callTimeLimit(limits));
  return client.send(new GetQueueUrlCommand({ QueueName: 'q' }));
}

const limits = { tryMs: 100, totalMs: 400 };
const timedOut = expect.objectContaining({ name: 'TimeoutError' });
const answer: RequestListener = (_, response) =>
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"QueueUrl":"here"}');

describe('a call', () => {
  it('is tried again when the server does not answer', async () => {
    const second: RequestListener = (...exchange) => (requests > 1 ? answer(...exchange) : undefined);
    expect(await callTo(second, { tryMs: 1_000, totalMs: 600_000 })).toMatchObject({ QueueUrl: 'here' });
    expect(requests).toBeGreaterThan(1);
  });

  it('ends when the server never answers', async () => {
    await expect(callTo(() => undefined, limits)).rejects.toEqual(timedOut);
  });

  it('ends when its response stops in the middle', async () => {
    const stall: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100' });
      response.write('{');
    };
    await expect(callTo(stall, limits)).rejects.toEqual(timedOut);
  });

  it('ends while it waits for its next try, and makes no other try', async () => {
    const failed = Promise.withResolvers<void>();
    const fail: RequestListener = (_, response) => {
      response.writeHead(500, { 'retry-after': '1' }).end();
      failed.resolve();
    };
    await expect(callTo(fail, limits)).rejects.toEqual(timedOut);
    // On a slow machine, the first try itself goes on in the background.
    await failed.promise;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(requests).toBe(1);
  });

  it('is left alone when it is answered in time', async () => {
    expect(await callTo(answer, { tryMs: 20_000, totalMs: 30_000 })).toMatchObject({ QueueUrl: 'here' });
  });
});
