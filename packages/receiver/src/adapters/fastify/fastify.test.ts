import Fastify, { type FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { aDelivery, aKey } from '../testing/a-delivery.ts';
import { sendOverHttp } from '../testing/http-client.ts';
import { promisesOfServer } from '../testing/server-promises.ts';
import { type FastifyWebhookOptions, webhooks } from './fastify.ts';

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

promisesOfServer('Fastify 5 with a path', async (options) => {
  const app = anApp();
  app.register(webhooks, { ...options, path: '/webhooks' });
  return listen(app);
});

promisesOfServer('Fastify 5 with a prefix', async (options) => {
  const app = anApp();
  app.register(webhooks, { ...options, prefix: '/webhooks' });
  return listen(app);
});

promisesOfServer('Fastify 5 with parsers and hooks of its own', async (options) => {
  const app = anApp();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }), undefined);
    }
  });
  app.addContentTypeParser('*', (_request, _payload, done) => done(new Error('the parser of the app')));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 400).send({ message: 'of the app' }),
  );
  app.register(webhooks, { ...options, path: '/webhooks' });
  return listen(app);
});

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

it('refuses to start inside of fastify-plugin, and says why', async () => {
  const shared = fp(async (instance: FastifyInstance, given: FastifyWebhookOptions) => webhooks(instance, given));
  void shared;
  const app = anApp();
  app.register(fp(webhooks), options);
  await expect(app.ready()).rejects.toMatchObject({
    code: 'body_not_raw',
    message: expect.stringContaining('fastify-plugin'),
  });
  Reflect.deleteProperty(webhooks, Symbol.for('skip-override'));
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
