import { networkInterfaces } from 'node:os';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
import { findListeners } from './fixtures/listeners.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;

let system: LaunchedSystem;
/** Ports on which Posthorn listens, by what they are. */
let ports: Readonly<Record<string, number>>;
beforeAll(async () => {
  // Every network is allowed, also those of this machine's own addresses.
  system = await launchSystem({ POSTHORN_ALLOWED_SUBNETS: '0.0.0.0/0,::/0', POSTHORN_RETRY_SCHEDULE: '3600' });
  const { url, dynamodb, sqs, control } = await system.cloud();
  const urls = { url, dynamodb, sqs, control };
  ports = Object.fromEntries(Object.entries(urls).map(([name, text]) => [name, Number(new URL(text).port)]));
}, 3 * minute);
afterAll(() => system.stop(), minute);

it(
  'names every port on which it listens in local-cloud.json',
  async () => {
    const { processes } = await system.cloud();
    const listeners = await findListeners(Object.values(processes));
    const known = new Set(Object.values(ports));
    expect(listeners.filter(({ port }) => !known.has(port))).toEqual([]);
  },
  minute,
);

it.each(['dynamodb', 'sqs', 'control'])(
  'answers nobody on the port of %s without the key of its folder',
  async (name) => {
    const post = { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' };
    for (const init of [{}, post, { ...post, headers: { ...post.headers, authorization: 'Bearer x' } }]) {
      const { status } = await fetch(`http://127.0.0.1:${ports[name]}/`, init);
      expect([400, 401, 403]).toContain(status);
    }
  },
);

it(
  'makes no request to any of its ports for an endpoint, and the attempt says why',
  async () => {
    const client = new Svix(system.token, { serverUrl: system.url });
    const own = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
    const hosts = [
      ...new Set(['localhost', '127.0.0.1', '127.9.9.9', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', ...own]),
    ];
    const { id } = await client.application.create({ name: 'Own ports' });
    const urls = Object.values(ports).flatMap((port) => hosts.map((host) => `http://${host}:${port}/api/v1/health`));
    for (const url of urls) await client.endpoint.create(id, { url });
    const { id: messageId } = await client.message.create(id, { eventType: 'a', payload: {} });
    const list = async () =>
      (await client.messageAttempt.listByMsg(id, messageId, { limit: 250, withContent: true })).data;
    await until('every endpoint has an attempt', async () => (await list()).length === urls.length);
    const attempts = await list();
    const others = attempts.filter(({ response }) => !response.includes('port of the service that sends the webhooks'));
    expect(others).toEqual([]);
  },
  2 * minute,
);
