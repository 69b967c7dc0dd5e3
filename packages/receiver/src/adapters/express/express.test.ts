import { createServer, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import type { ReceiveOptions } from '../../receive/receiver.ts';
import { aDelivery, aKey } from '../testing/a-delivery.ts';
import { connectTo, sendOverHttp, writeHead } from '../testing/http-client.ts';
import { promisesOfServer } from '../testing/server-promises.ts';
import { until } from '../testing/until.ts';
import { webhooks } from './express.ts';

const servers: Server[] = [];
const serve = async (app: Parameters<typeof createServer>[1], limits: ServerOptions = {}) => {
  const server = createServer(limits, app).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, stop };
};
afterAll(() => {
  for (const server of servers) server.close();
});

const withOtherRoutes = (app: Express): Express => {
  app.use(express.json());
  app.post(['/orders', '/webhooks/other'], (request, response) => {
    response.json({ received: request.body });
  });
  return app;
};

promisesOfServer('app.use of Express 5', async (options) => {
  const app = express();
  app.use('/webhooks', webhooks(options));
  return serve(withOtherRoutes(app));
});

promisesOfServer('app.all of Express 5', async (options) => {
  const app = express();
  app.all('/webhooks', webhooks(options));
  return serve(withOtherRoutes(app));
});

promisesOfServer('a router of Express 5', async (options) => {
  const app = express();
  const router = express.Router();
  router.all('/', webhooks(options));
  app.use('/webhooks', router);
  return serve(withOtherRoutes(app));
});

describe('webhooks()', () => {
  const heard: unknown[] = [];
  const options: ReceiveOptions = {
    keys: aKey,
    handle: () => undefined,
    onError: (error) => heard.push(error),
  };
  beforeEach(() => {
    heard.length = 0;
  });

  it('says how to mount it if another parser has read the body', async () => {
    const app = express();
    app.use(express.json());
    app.post('/webhooks', webhooks(options));
    const { port } = await serve(app);
    const answer = await sendOverHttp(port, aDelivery());
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({
      code: 'body_not_raw',
      detail: expect.stringContaining('before express.json()'),
    });
    expect(heard).toEqual([
      expect.objectContaining({ code: 'body_not_raw', message: expect.stringContaining('before express.json()') }),
    ]);
  });

  it('passes on the methods that app.post leaves to others', async () => {
    const app = express();
    app.post('/webhooks', webhooks(options));
    app.get('/webhooks', (_request, response) => {
      response.send('hello');
    });
    const { port } = await serve(app);
    expect(await sendOverHttp(port, { method: 'GET', headers: [], body: Buffer.alloc(0) })).toMatchObject({
      status: 200,
      body: 'hello',
    });
  });

  it('leaves a body that comes too slowly to the time limit of the server', async () => {
    const app = express();
    app.post('/webhooks', webhooks(options));
    const limits = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 20 };
    const { port } = await serve(app, limits);
    const { socket, closed, received } = connectTo(port);
    socket.write(`${writeHead(aDelivery(), 'Content-Length: 7')}{"a"`);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    await until(() => heard.length > 0);
    expect(heard).toEqual([expect.objectContaining({ code: 'body_incomplete' })]);
  });

  it.each(['/webhooks', undefined])('passes on what an earlier route has passed on, mounted at %s', async (path) => {
    const app = express();
    app.all('/{*any}', (_request, _response, next) => next());
    if (path) app.use(path, webhooks(options));
    else app.use(webhooks(options));
    const { port } = await serve(withOtherRoutes(app));
    for (const other of ['/webhooks/other', '/orders'])
      expect(await sendOverHttp(port, aDelivery(), { path: other })).toMatchObject({ status: 200 });
    expect(await sendOverHttp(port, aDelivery(), { path: path ?? '/' })).toMatchObject({ status: 204 });
    expect(heard).toEqual([]);
  });

  it('receives in a route whose functions a tool has replaced', async () => {
    const app = express();
    const middleware = webhooks(options);
    const traced: typeof middleware = (...given) => middleware(...given);
    app.post('/webhooks', Object.assign(traced, middleware));
    const { port } = await serve(app);
    expect(await sendOverHttp(port, aDelivery())).toMatchObject({ status: 204 });
  });

  it('writes nothing if something else has answered while the handler ran', async () => {
    const received: Promise<void>[] = [];
    const receive = webhooks(options);
    const { port } = await serve((request, response) => {
      received.push(receive(request, response));
      response.writeHead(504).end('too late');
    });
    expect(await sendOverHttp(port, aDelivery())).toMatchObject({ status: 504 });
    expect(await Promise.all(received)).toEqual([undefined]);
  });

  it('is a listener of node:http too', async () => {
    const receive = webhooks(options);
    const { port } = await serve((request, response) => receive(request, response));
    expect(await sendOverHttp(port, aDelivery())).toMatchObject({ status: 204 });
  });
});
