import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { DestinationStatusIn, Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { untilPasses } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({}, commandUnderTest()), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
  await svix.eventType.create({ name: 'invoice.paid', description: 'paid' });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

async function anApplication() {
  const { id: app } = await svix.application.create({ name: 'Toys' });
  const send = (n: number) => svix.message.create(app, { eventType: 'invoice.paid', payload: { n }, channels: ['eu'] });
  /** Waits for the message at a path, and returns its request. */
  const arrivalOf = async (n: number, path: string) => {
    const find = () => receiver.requestsTo(path).find(({ body }) => body === JSON.stringify({ n }));
    await receiver.waitFor(() => find() !== undefined);
    return find();
  };
  return { app, send, arrivalOf };
}

it('creates, replaces and changes an endpoint with every field', async () => {
  const { app, send, arrivalOf } = await anApplication();
  const given = {
    url: `${receiver.url}/first`,
    uid: 'one',
    description: 'The first',
    throttleRate: 50,
    disabled: false,
    eventTypes: ['invoice.paid'],
    channels: ['eu'],
    metadata: { team: 'a' },
  };
  const created = await svix.endpoint.upsert(app, 'one', given);
  expect(created).toMatchObject(given);
  expect(await svix.endpoint.get(app, created.id)).toEqual(created);
  await svix.endpoint.setHeaders(app, 'one', { headers: { 'X-One': '1', 'X-Two': '2', Authorization: 'Bearer s' } });
  await svix.endpoint.patchHeaders(app, 'one', { headers: { 'X-Three': '3' }, deleteHeaders: ['X-One'] });
  expect(await svix.endpoint.getHeaders(app, 'one')).toEqual({
    headers: { 'X-Two': '2', 'X-Three': '3' },
    sensitive: ['Authorization'],
  });
  await send(1);
  const first = await arrivalOf(1, '/first');
  expect(first?.headers).toMatchObject({ 'x-two': '2', 'x-three': '3', authorization: 'Bearer s' });
  expect(first?.headers).not.toHaveProperty('x-one');

  const replaced = await svix.endpoint.upsert(app, 'one', { url: `${receiver.url}/second` });
  expect(replaced).toMatchObject({ id: created.id, description: '', metadata: {}, uid: null, eventTypes: null });
  await send(2);
  await arrivalOf(2, '/second');
  const patched = await svix.endpoint.patch(app, created.id, { uid: 'two', description: 'Patched', disabled: true });
  expect(patched).toMatchObject({ uid: 'two', description: 'Patched', disabled: true, url: replaced.url });
  await svix.endpoint.delete(app, 'two');
  expect((await svix.endpoint.list(app)).data).toEqual([]);
});

it('counts the attempts of an endpoint from one moment to another', async () => {
  const { app, send, arrivalOf } = await anApplication();
  const { id } = await svix.endpoint.create(app, { url: `${receiver.url}/counted` });
  const sendAll = async (numbers: readonly number[]) => {
    for (const n of numbers) await send(n);
    for (const n of numbers) await arrivalOf(n, '/counted');
  };
  const since = new Date();
  await sendAll([1, 2, 3]);
  // The attempts so far were made before this moment, and the next ones are made after it.
  await wait(5);
  const middle = new Date();
  await sendAll([4, 5]);
  const countOf = async (window: { readonly since?: Date; readonly until?: Date } = {}) =>
    (await svix.endpoint.getStats(app, id, window)).success;
  await untilPasses(async () => expect(await countOf()).toBe(5));
  const counts = [await countOf({ since }), await countOf({ since, until: middle }), await countOf({ since: middle })];
  expect(counts).toEqual([5, 3, 2]);
});

it('creates, replaces and changes a destination, and goes on sending to it in order', async () => {
  const { app, send, arrivalOf } = await anApplication();
  const type = 'fifoEndpoint';
  const created = await svix.destination.upsert(app, 'one', {
    type,
    uid: 'one',
    config: { url: `${receiver.url}/a`, headers: { 'X-One': '1' } },
    eventTypes: ['invoice.paid'],
    channels: ['eu'],
    metadata: { onExhausted: 'skip' },
    batchSize: 1,
    maxWaitSecs: 0,
  });
  expect(created).toMatchObject({ uid: 'one', status: 'enabled', eventTypes: ['invoice.paid'], channels: ['eu'] });
  await send(1);
  expect((await arrivalOf(1, '/a'))?.headers).toMatchObject({ 'x-one': '1' });

  const patched = await svix.destination.patch(app, 'one', {
    type,
    config: { url: `${receiver.url}/b` },
    uid: 'two',
  });
  expect(patched).toMatchObject({ id: created.id, uid: 'two', channels: ['eu'], metadata: { onExhausted: 'skip' } });
  for (const n of [2, 3, 4]) await send(n);
  await arrivalOf(4, '/b');
  expect(receiver.requestsTo('/b').map(({ body }) => body)).toEqual(['{"n":2}', '{"n":3}', '{"n":4}']);

  const replaced = await svix.destination.upsert(app, 'two', {
    type,
    config: { url: `${receiver.url}/c` },
    status: DestinationStatusIn.Disabled,
  });
  expect(replaced).toMatchObject({ id: created.id, uid: null, status: 'disabled', metadata: {} });
  expect(replaced.config).toEqual({ url: `${receiver.url}/c`, headers: { headers: {}, sensitive: [] } });
  expect((await svix.destination.list(app)).data).toEqual([await svix.destination.get(app, created.id)]);
  await svix.destination.delete(app, created.id);
  expect((await svix.destination.list(app)).data).toEqual([]);
});
