import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Gate, openGate } from './gate.ts';

let server: Server;
let gate: Gate;
let ready: PromiseWithResolvers<void>;
/** What the answer to `/slow` waits for, and whether the service has the request. */
let slow: { readonly begun: PromiseWithResolvers<void>; readonly end: PromiseWithResolvers<void> };
beforeEach(async () => {
  ready = Promise.withResolvers();
  slow = { begun: Promise.withResolvers(), end: Promise.withResolvers() };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === '/dies') return void response.destroy();
    if (request.url === '/slow') {
      slow.begun.resolve();
      await slow.end.promise;
    }
    response.writeHead(201, { 'x-seen': `${request.method} ${request.url}`, 'content-type': 'text/plain' });
    response.end(Buffer.concat([...chunks, Buffer.from(` ${request.headers['x-sent']}`)]));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  // A server on TCP has an address of this kind.
  const { port: targetPort } = server.address() as AddressInfo;
  gate = await openGate({ host: '127.0.0.1', port: 0, targetPort, ready: () => ready.promise });
});
afterEach(async () => {
  await gate.stop();
  server.closeAllConnections();
  server.close();
});

const post = (path: string) =>
  fetch(`http://127.0.0.1:${gate.port}${path}`, { method: 'POST', body: 'body', headers: { 'x-sent': 'this' } });

describe('the gate', () => {
  it('holds requests until the service is ready, and passes them on as they are', async () => {
    const asked = [post('/a%2Fb?c=%20'), post('/second')];
    ready.resolve();
    const [first] = await Promise.all(asked);
    expect([first?.status, first?.headers.get('x-seen'), await first?.text()]).toEqual([
      201,
      'POST /a%2Fb?c=%20',
      'body this',
    ]);
  });

  it('answers 503 with the reason if the service will not be ready', async () => {
    ready.reject(new Error('The service api does not run'));
    const answer = await post('/');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { code: 'unavailable', detail: 'The service api does not run' },
    ]);
  });

  it('answers 503 if the service dies during the request', async () => {
    ready.resolve();
    expect((await post('/dies')).status).toBe(503);
  });

  it('drains when what was passed on has been answered, and not before', async () => {
    ready.resolve();
    const events: string[] = [];
    const asked = post('/slow').then((answer) => events.push(`answer ${answer.status}`));
    await slow.begun.promise;
    const drained = gate.drain(60_000).then(() => events.push('drained'));
    await post('/other');
    expect(events).toEqual([]);
    slow.end.resolve();
    await Promise.all([asked, drained]);
    expect(events.toSorted()).toEqual(['answer 201', 'drained']);
    await gate.drain(60_000);
  });

  it('drains without what takes too long', async () => {
    ready.resolve();
    const asked = post('/slow');
    await slow.begun.promise;
    await gate.drain(10);
    slow.end.resolve();
    expect((await asked).status).toBe(201);
  });
});
