import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  // The second retry waits in the table of due deliveries.
  const environment = { POSTHORN_RETRY_SCHEDULE: '4,3600' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
  receiver.respond('/fails', () => ({ status: 500 }));
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

/** An application with one endpoint that gets messages all the time, until it is stopped. */
async function aBusyApplication(path: string) {
  const { id: app } = await svix.application.create({ name: path });
  const { id: endpoint } = await svix.endpoint.create(app, { url: `${receiver.url}${path}` });
  let running = true;
  let count = 0;
  const post = async () => {
    count += 1;
    return (await svix.message.create(app, { eventType: 'a', payload: { path, n: count } })).id;
  };
  const traffic = (async () => {
    while (running) await post();
  })();
  await receiver.waitFor(() => receiver.requestsTo(path).length > 10);
  return {
    app,
    endpoint,
    post,
    stop: async () => {
      running = false;
      await traffic;
    },
  };
}
const idsAt = (path: string) => receiver.requestsTo(path).map(({ headers }) => headers['webhook-id']);

/** Messages that are accepted within the first second after a change. */
const afterwards = 20;

describe('a changed endpoint', () => {
  it('gets all messages that are accepted after the change at its new URL, with its new headers', async () => {
    const { app, endpoint, post, stop } = await aBusyApplication('/old-url');
    await svix.endpoint.setHeaders(app, endpoint, { headers: { 'x-version': '2' } });
    await svix.endpoint.patch(app, endpoint, { url: `${receiver.url}/new-url` });
    const after: string[] = [];
    for (let n = 0; n < afterwards; n += 1) after.push(await post());
    await stop();
    await receiver.waitFor(() => after.every((id) => idsAt('/new-url').includes(id)));
    expect(idsAt('/old-url').filter((id) => after.includes(String(id)))).toEqual([]);
    for (const { headers } of receiver.requestsTo('/new-url')) expect(headers['x-version']).toBe('2');
  });

  it('gets nothing that is accepted after it was disabled, and everything after it was enabled', async () => {
    const { app, endpoint, post, stop } = await aBusyApplication('/disabled');
    await svix.endpoint.create(app, { url: `${receiver.url}/other` });
    await svix.endpoint.patch(app, endpoint, { disabled: true });
    const missed: string[] = [];
    for (let n = 0; n < afterwards; n += 1) missed.push(await post());
    await stop();
    await receiver.waitFor(() => missed.every((id) => idsAt('/other').includes(id)));
    await svix.endpoint.patch(app, endpoint, { disabled: false });
    const id = await post();
    await receiver.waitFor(() => idsAt('/disabled').includes(id));
    expect(idsAt('/disabled').filter((arrived) => missed.includes(String(arrived)))).toEqual([]);
  });

  it('gets retries at its new URL', async () => {
    const { id: app } = await svix.application.create({ name: 'retries' });
    const { id: endpoint } = await svix.endpoint.create(app, { url: `${receiver.url}/fails` });
    const { id } = await svix.message.create(app, { eventType: 'a', payload: {} });
    await receiver.waitFor(() => idsAt('/fails').includes(id));
    await svix.endpoint.patch(app, endpoint, { url: `${receiver.url}/repaired` });
    await receiver.waitFor(() => idsAt('/repaired').includes(id));
  });
});

it('a deleted endpoint takes its waiting deliveries with it, and those of others stay', async () => {
  const { id: app } = await svix.application.create({ name: 'waiting' });
  const [kept, deleted] = [
    await svix.endpoint.create(app, { url: `${receiver.url}/fails?kept` }),
    await svix.endpoint.create(app, { url: `${receiver.url}/fails?deleted` }),
  ];
  receiver.respond('/fails?kept', () => ({ status: 500 }));
  receiver.respond('/fails?deleted', () => ({ status: 500 }));
  for (let n = 0; n < 5; n += 1) await svix.message.create(app, { eventType: 'a', payload: { n } });
  const requests = () => receiver.requestsTo('/fails?kept').length + receiver.requestsTo('/fails?deleted').length;
  await receiver.waitFor(() => requests() === 20);
  await until('ten deliveries wait', async () => (await countFailing(app)) === 10);
  await svix.endpoint.delete(app, deleted.id);
  await until('five deliveries wait', async () => (await countFailing(app)) === 5);
  expect(await svix.endpoint.get(app, kept.id)).toMatchObject({ id: kept.id });
});

/** Each look starts a program. */
const betweenLooksMs = 2_000;

async function countFailing(app: string): Promise<number> {
  await wait(betweenLooksMs);
  const program = runProgram(commandScript('status'), ['--app', app, '--json'], { POSTHORN_DATA_DIR: system.dataDir });
  await program.ended;
  return JSON.parse(program.stdout()).applications[0]?.failing ?? 0;
}
