import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type DynamodbServer, startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { eventually } from '@posthorn/local-event-sources/testing/eventually';
import {
  createDynamodbClients,
  createSqsClient,
  createTable,
  receiveBodies,
  send,
} from '@posthorn/local-event-sources/testing/local-stores';
import type { SqsServer } from '@posthorn/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { journalFile, type OrdersService, readJournal, startOrdersService } from './testing/orders-service.ts';

/** Longer than a slow machine takes for a batch, so that only what has failed comes again. */
const visible = { visibilityTimeoutSeconds: 10 };
const queues = [
  { name: 'orders', ...visible },
  { name: 'shipments.fifo', fifo: true, ...visible },
  { name: 'failures' },
];

let store: DynamodbServer;
let server: SqsServer;
let clients: ReturnType<typeof createDynamodbClients> & { readonly sqs: ReturnType<typeof createSqsClient> };
let folder: string;
let service: OrdersService;

beforeAll(async () => {
  [store, server] = await Promise.all([startDynamodbEmbedded(), startSqs({ queues })]);
  clients = { ...createDynamodbClients(store.endpoint), sqs: createSqsClient(server.endpoint) };
  await createTable(clients.dynamodb, 'orders');
  folder = await mkdtemp(join(tmpdir(), 'orders-service-'));
  service = await start();
});
afterAll(async () => {
  await service.kill('SIGKILL');
  for (const client of Object.values(clients)) client.destroy();
  await Promise.all([store.stop(), server.stop()]);
  await rm(folder, { recursive: true });
});

const start = (faults?: object) =>
  startOrdersService({ sqs: server.endpoint, dynamodb: store.endpoint, folder, ...(faults && { faults }) });

const place = (order: { readonly id: string; readonly [setting: string]: unknown }) =>
  send(clients.sqs, 'orders', JSON.stringify(order));
const ship = (id: string, group: string, failUntil = 1) =>
  send(clients.sqs, 'shipments.fifo', JSON.stringify({ id, failUntil }), group);
const putOrder = (id: string, failTimes = 0) =>
  clients.dynamodb.send(
    new PutItemCommand({ TableName: 'orders', Item: { id: { S: id }, failTimes: { N: String(failTimes) } } }),
  );

const linesOf = (id: string) => readJournal(folder).filter((line) => line.id === id);
const cameAgain = (id: string) => linesOf(id).length > 1;
const isHandled = (id: string) => linesOf(id).some(({ handled }) => handled);

describe('a service under serverless offline', () => {
  it('gets the environment that passEnvironment names', async () => {
    const response = await fetch(`http://localhost:${service.httpPort}/ping`);
    expect(await response.text()).toBe('passed');
  });

  const getJson = async (path: string) => {
    const response = await fetch(`http://localhost:${service.httpPort}${path}`);
    return { status: response.status, body: await response.json() };
  };

  it.each([
    ['throws', 'throw', 500, 'internal_error'],
    ['hangs', 'hang', 503, 'unavailable'],
    ['exits', 'exit', 503, 'unavailable'],
    ['returns nothing', 'return-nothing', 500, 'internal_error'],
  ])('answers HTTP for a function that %s, without internal details', async (_, how, status, code) => {
    expect(await getJson(`/misbehave/${how}`)).toEqual({ status, body: { code, detail: expect.any(String) } });
    expect(await (await fetch(`http://localhost:${service.httpPort}/misbehave/not`)).text()).toBe('well');
  });

  it('answers HTTP for a function that cannot be loaded, until it can be loaded', async () => {
    expect(await getJson('/broken')).toMatchObject({ status: 500, body: { code: 'internal_error' } });
    await writeFile(`${journalFile(folder)}.configuration`, '');
    expect(await (await fetch(`http://localhost:${service.httpPort}/broken`)).text()).toBe('configured');
  });

  it.each(['application/json', 'text/plain; charset=utf-8', undefined])(
    'passes the bytes of a body of type %s as they were sent',
    async (type) => {
      const body = Buffer.from('7b22e9223aef bfbdf09f98227d'.replaceAll(' ', ''), 'hex');
      const headers = type === undefined ? {} : { 'content-type': type };
      const response = await fetch(`http://localhost:${service.httpPort}/echo`, { method: 'POST', body, headers });
      expect(await response.json()).toMatchObject({ bytes: body.toString('hex'), ...(type && { type }) });
    },
  );

  it('gets only the failed message of a batch again', async () => {
    for (const order of [{ id: 'good' }, { id: 'twice', failUntil: 2 }, { id: 'fine' }]) await place(order);
    await eventually(() => ['good', 'twice', 'fine'].every(isHandled));
    expect(linesOf('twice').map(({ handled }) => handled)).toEqual([false, true]);
    expect([linesOf('good').length, linesOf('fine').length]).toEqual([1, 1]);
  });

  it('gets a FIFO group in order after a failure', async () => {
    for (const id of ['g1', 'g2', 'g3']) await ship(id, 'g', id === 'g1' ? 2 : 1);
    for (const id of ['h1', 'h2']) await ship(id, 'h');
    await eventually(() => ['g1', 'g2', 'g3', 'h1', 'h2'].every(isHandled));
    const handled = readJournal(folder).filter((line) => line.group === 'g' && line.handled);
    expect(handled.map(({ id }) => id)).toEqual(['g1', 'g2', 'g3']);
  });

  it('gets a stream batch again from the failed record', async () => {
    await putOrder('s1');
    await putOrder('s2', 1);
    await putOrder('s3');
    await eventually(() => ['s1', 's2', 's3'].every(isHandled));
    expect(linesOf('s1')).toHaveLength(1);
    expect(linesOf('s2').map(({ handled }) => handled)).toEqual([false, true]);
    expect(linesOf('s3')).toHaveLength(1);
  });

  it('reports a record that always fails to the failure queue, and continues', async () => {
    await putOrder('always', 1_000);
    await putOrder('next');
    await eventually(() => isHandled('next'));
    await eventually(async () => (await receiveBodies(clients.sqs, 'failures')).length === 1);
  });

  it('continues after a function hangs or exits', async () => {
    await place({ id: 'hangs', misbehave: 'hang' });
    await place({ id: 'exits', misbehave: 'exit' });
    await eventually(() => linesOf('hangs').length >= 2 && linesOf('exits').length >= 2);
    await place({ id: 'after' });
    await eventually(() => isHandled('after'));
  });

  it('loses nothing if it is killed between the effect and the acknowledgement', async () => {
    await service.kill('SIGKILL');
    for (const id of ['k1', 'k2']) await place({ id });
    await putOrder('k3');
    const doomed = await start({ exitAfterEffect: { function: 'placeOrder', nth: 1 } });
    expect(await doomed.exited).toBe('SIGKILL');
    service = await start({ exitAfterEffect: { function: 'indexOrder', nth: 1 } });
    await putOrder('k4');
    expect(await service.exited).toBe('SIGKILL');
    service = await start();
    await eventually(() => ['k1', 'k2', 'k3', 'k4'].every(isHandled));
    // The last effect before the kill was not acknowledged, so its message came again.
    await eventually(() => ['k1', 'k2'].some(cameAgain) && ['k3', 'k4'].some(cameAgain));
    expect(await Promise.all(['orders', 'shipments.fifo'].map((name) => receiveBodies(clients.sqs, name)))).toEqual([
      [],
      [],
    ]);
  });

  it('ends cleanly at SIGTERM', async () => {
    expect(await service.kill('SIGTERM')).toBe('exit code 0');
  });
});
