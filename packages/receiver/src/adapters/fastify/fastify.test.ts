import { once } from 'node:events';
import { connect } from 'node:http2';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { aDelivery, aKey, type Delivery } from '../testing/a-delivery.ts';
import { sendOverHttp } from '../testing/http-client.ts';
import { promisesOfServer } from '../testing/server-promises.ts';
import { type FastifyWebhookOptions, webhooks } from './fastify.ts';

const { jest } = import.meta;

const apps: FastifyInstance[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

const anApp = (): FastifyInstance => {
  const app = Fastify({ forceCloseConnections: true });
  apps.push(app);
  return app;
};

async function listen(app: FastifyInstance) {
  for (const path of ['/orders', '/webhooks/other']) app.post(path, async (request) => ({ received: request.body }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: Number(new URL(url).port), stop: () => app.close() };
}

const traits = { refusesOtherMethods: false };

promisesOfServer(
  'Fastify 5 with a path',
  async (options) => {
    const app = anApp();
    app.register(webhooks, { ...options, path: '/webhooks' });
    return listen(app);
  },
  traits,
);

promisesOfServer(
  'Fastify 5 with a prefix',
  async (options) => {
    const app = anApp();
    app.register(webhooks, { ...options, prefix: '/webhooks' });
    return listen(app);
  },
  traits,
);

promisesOfServer(
  'Fastify 5 with parsers and hooks of its own',
  async (options) => {
    const app = anApp();
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
      try {
        done(null, JSON.parse(String(body)));
      } catch (error) {
        done(Object.assign(error as Error, { statusCode: 400 }), undefined);
      }
    });
    app.addContentTypeParser(['application/octet-stream', '*'], (_request, _payload, done) =>
      done(new Error('the parser of the app')),
    );
    app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
      reply.code(error.statusCode ?? 400).send({ message: 'of the app' }),
    );
    app.register(webhooks, { ...options, path: '/webhooks' });
    return listen(app);
  },
  traits,
);

promisesOfServer(
  'Fastify 5, called directly',
  async (options) => {
    const app = anApp();
    await webhooks(app, { ...options, path: '/webhooks' });
    return listen(app);
  },
  traits,
);

promisesOfServer(
  'Fastify 5 with fastify-plugin around it',
  async (options) => {
    const app = anApp();
    app.register(fp(webhooks), { ...options, path: '/webhooks' });
    return listen(app);
  },
  traits,
);
// fastify-plugin marks the function itself.
afterEach(() => Reflect.deleteProperty(webhooks, Symbol.for('skip-override')));

const heard: unknown[] = [];
const options: FastifyWebhookOptions = {
  keys: aKey,
  path: '/webhooks',
  handle: () => undefined,
  onError: (error) => heard.push(error),
};
beforeEach(() => {
  heard.length = 0;
});

it('says how to register it if a hook has read the body', async () => {
  const app = anApp();
  app.addHook('preParsing', async (request) => {
    for await (const _ of request.raw);
  });
  app.register(webhooks, options);
  const { port } = await listen(app);
  const answer = await sendOverHttp(port, aDelivery());
  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.body)).toEqual({
    code: 'body_not_raw',
    detail: expect.stringContaining('Register webhooks()'),
  });
  expect(heard).toEqual([expect.objectContaining({ code: 'body_not_raw' })]);
});

it('leaves the other methods of its path to other routes', async () => {
  const app = anApp();
  app.get('/webhooks', async () => 'hello');
  app.register(webhooks, options);
  app.register(async (later) => {
    later.put('/webhooks', async () => 'changed');
  });
  expect((await app.inject({ method: 'GET', url: '/webhooks' })).body).toBe('hello');
  expect((await app.inject({ method: 'PUT', url: '/webhooks' })).body).toBe('changed');
});

it('takes what the inject() of a test sends', async () => {
  const app = anApp();
  app.register(webhooks, options);
  const { headers, body } = aDelivery();
  const sent = { method: 'POST', url: '/webhooks', headers: Object.fromEntries(headers), payload: body } as const;
  expect((await app.inject(sent)).statusCode).toBe(204);
  expect((await app.inject({ ...sent, payload: '{}' })).statusCode).toBe(401);
});

it('receives over HTTP/2', async () => {
  const app = Fastify({ http2: true });
  app.register(webhooks, { ...options, maxBodyBytes: 10 });
  const client = connect(await app.listen({ host: '127.0.0.1', port: 0 }));
  const send = async ({ method, headers, body }: Delivery) => {
    const names = headers.map(([name, value]) => [name.toLowerCase(), value]);
    const stream = client.request({ ':method': method, ':path': '/webhooks', ...Object.fromEntries(names) });
    stream.end(body);
    const [response] = await once(stream, 'response');
    stream.resume();
    return response[':status'];
  };
  try {
    expect(await send(aDelivery())).toBe(204);
    expect(await send(aDelivery({ body: 'x'.repeat(50_000) }))).toBe(413);
  } finally {
    client.destroy();
    await app.close();
  }
});

describe('without an onError', () => {
  const failing = { keys: aKey, path: '/webhooks', handle: () => Promise.reject(new Error('the database is down')) };
  let writeToStderr: jest.Spied<typeof console.error>;
  beforeEach(() => {
    writeToStderr = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterEach(() => writeToStderr.mockRestore());

  /** Sends a message whose handler fails, and one that is refused. */
  const sendTo = async (app: FastifyInstance): Promise<void> => {
    apps.push(app);
    app.register(webhooks, failing);
    const { headers, body } = aDelivery({ id: 'msg_7' });
    await app.inject({ method: 'POST', url: '/webhooks', headers: Object.fromEntries(headers), payload: body });
    await app.inject({ method: 'POST', url: '/webhooks', payload: body });
  };

  it('writes errors to the log of Fastify', async () => {
    const lines: string[] = [];
    await sendTo(Fastify({ logger: { stream: { write: (line: string) => lines.push(line) } } }));
    const written = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith('webhook'));
    expect(written).toEqual([
      expect.objectContaining({
        level: 50,
        messageId: 'msg_7',
        err: expect.objectContaining({ message: 'the database is down' }),
      }),
      expect.objectContaining({ level: 40, err: expect.objectContaining({ code: 'header_missing' }) }),
    ]);
    expect(writeToStderr).not.toHaveBeenCalled();
  });

  it('writes errors to a logger of another package', async () => {
    const [ignore, error, warn] = [jest.fn(), jest.fn(), jest.fn()];
    const logger = { info: ignore, debug: ignore, trace: ignore, fatal: ignore, error, warn, child: () => logger };
    await sendTo(Fastify({ loggerInstance: logger as unknown as FastifyBaseLogger }));
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ messageId: 'msg_7' }), 'webhook failed');
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ messageId: undefined }), 'webhook refused');
    expect(writeToStderr).not.toHaveBeenCalled();
  });

  it.each([{}, { logger: false }])(
    'writes what is answered with 5xx to stderr if Fastify has no logger: %j',
    async (given) => {
      await sendTo(Fastify(given));
      expect(writeToStderr.mock.calls).toEqual([['A webhook has failed (msg_7):', new Error('the database is down')]]);
    },
  );

  it('writes nothing if the logger is silent', async () => {
    await sendTo(Fastify({ logger: { level: 'silent' } }));
    expect(writeToStderr).not.toHaveBeenCalled();
  });
});
