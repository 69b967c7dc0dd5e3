import { networkInterfaces } from 'node:os';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { findListeners } from './fixtures/listeners.ts';
import { until } from './fixtures/until.ts';

let system: LaunchedSystem;
/** Ports that are never called for an endpoint. */
let ports: readonly number[];
beforeAll(async () => {
  // Every network is allowed, also those of this machine's own addresses.
  const environment = {
    POSTHORN_ALLOWED_SUBNETS: '0.0.0.0/0,::/0',
    POSTHORN_RETRY_SCHEDULE: '3600',
    POSTHORN_METRICS_PORT: '0',
  };
  system = await launchSystem(environment, commandUnderTest());
  const { POSTHORN_FORBIDDEN_PORTS = '' } = (await system.cloud()).environment ?? {};
  ports = POSTHORN_FORBIDDEN_PORTS.split(',').map(Number);
});
afterAll(() => system.stop());

it('names every port on which it listens in local-cloud.json', async () => {
  const { url, dynamodb, sqs, control, metrics = '', processes } = await system.cloud();
  const listeners = await findListeners(Object.values(processes));
  const named = [url, dynamodb, sqs, control, metrics].map((text) => Number(new URL(text).port));
  expect(ports).toEqual(expect.arrayContaining([...named, ...listeners.map(({ port }) => port)]));
});

const withKey = [
  'dynamodb',
  'sqs',
  'control',
  'metrics',
  ...(commandUnderTest() === 'dev' ? ['checkpoints'] : []),
] as const;

it.each(withKey)('answers nobody on the port of %s without the key of its folder', async (name) => {
  const { checkpoints, ...cloud } = await system.cloud();
  const endpoint = { ...cloud, checkpoints: checkpoints?.url }[name];
  const post = { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.ListQueues' }, body: '{}' };
  for (const init of [{}, post, { ...post, headers: { ...post.headers, authorization: 'Bearer x' } }]) {
    const { status } = await fetch(`${endpoint}/`, init);
    expect([400, 401, 403]).toContain(status);
  }
});

it('makes no request to any of its ports for an endpoint, and the attempt says why', async () => {
  const client = new Svix(system.token, { serverUrl: system.url });
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  const hosts = [...new Set(['localhost', '127.0.0.1', '127.9.9.9', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', ...own])];
  const { id } = await client.application.create({ name: 'Own ports' });
  const urls = ports.flatMap((port) => hosts.map((host) => `http://${host}:${port}/api/v1/health`));
  for (const url of urls) await client.endpoint.create(id, { url });
  const { id: messageId } = await client.message.create(id, { eventType: 'a', payload: {} });
  const list = async () =>
    (await client.messageAttempt.listByMsg(id, messageId, { limit: 250, withContent: true })).data;
  await until('every endpoint has an attempt', async () => (await list()).length === urls.length);
  const attempts = await list();
  const others = attempts.filter(({ response }) => !response.includes('port of the service that sends the webhooks'));
  expect(others).toEqual([]);
});
