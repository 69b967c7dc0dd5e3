import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  // A failed attempt is not tried again before the breaker is open.
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '60,60,60' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
}, minute);

const idsAt = (path: string) => receiver.requestsTo(path).map(({ headers }) => String(headers['webhook-id']));

/** The breaker opens some seconds after ten failures over ten seconds. */
const untilOpenSeconds = 24;
const heldMessages = 40;

it(
  'a dead endpoint gets few requests and everything when it is back, and the endpoints beside it notice nothing',
  async () => {
    receiver.respond('/dead', () => ({ status: 500 }));
    const { id: app } = await svix.application.create({ name: 'dead' });
    const urls = ['/dead', '/well', '/also-well'].map((path) => `${receiver.url}${path}`);
    const [dead] = await Promise.all(urls.map((url) => svix.endpoint.create(app, { url })));
    const posted: string[] = [];
    const post = async () => {
      posted.push((await svix.message.create(app, { eventType: 'a', payload: { n: posted.length } })).id);
    };

    for (let second = 0; second < untilOpenSeconds; second += 1) {
      await post();
      await wait(1_000);
    }
    const before = receiver.requestsTo('/dead').length;
    expect(before).toBeGreaterThanOrEqual(10);
    for (let n = 0; n < heldMessages; n += 1) await post();
    for (const path of ['/well', '/also-well'])
      await receiver.waitFor(() => posted.every((id) => idsAt(path).includes(id)));
    // One probe at most was due meanwhile.
    expect(receiver.requestsTo('/dead').length - before).toBeLessThanOrEqual(1);

    expect(await countOpenBreakers()).toBe(1);

    receiver.respond('/dead', () => ({ status: 200 }));
    const accepted = receiver.requestsTo('/dead').length;
    const arrived = () => new Set(idsAt('/dead').slice(accepted));
    await until('everything arrives at the endpoint that is back', () => posted.every((id) => arrived().has(id)));
    for (const path of ['/well', '/also-well']) expect(idsAt(path).toSorted()).toEqual(posted.toSorted());

    await until('every delivery has a receipt for each request', async () => {
      const receipts = await countReceipts(app, dead?.id ?? '');
      return receipts.requests === receiver.requestsTo('/dead').length && receipts.succeeded === posted.length;
    });
  },
  6 * minute,
);

async function countOpenBreakers(): Promise<number> {
  const program = runProgram(commandScript('status'), ['--json'], { POSTHORN_DATA_DIR: system.dataDir });
  await program.ended;
  return JSON.parse(program.stdout()).openBreakers;
}

async function countReceipts(app: string, endpoint: string) {
  let requests = 0;
  let succeeded = 0;
  for (let iterator: string | null = null, done = false; !done; ) {
    const page = await svix.messageAttempt.listByEndpoint(app, endpoint, { limit: 250, iterator });
    requests += page.data.length;
    succeeded += page.data.filter(({ status }) => status === 0).length;
    ({ done, iterator = null } = page);
  }
  return { requests, succeeded };
}

it(
  'the groups of a dead destination go on in their order when it is back',
  async () => {
    receiver.respond('/dead-in-order', () => ({ status: 500 }));
    const { id: app } = await svix.application.create({ name: 'dead in order' });
    await createDestination(app, `${receiver.url}/dead-in-order`);
    const groups = 30;
    const posted: string[] = [];
    for (let n = 0; n < 2 * groups; n += 1) {
      const payload = { n, key: Math.floor(n / 2) };
      posted.push((await svix.message.create(app, { eventType: 'a', payload })).id);
      await wait(400);
    }
    await until('the breaker is open', async () => (await countOpenBreakers()) > 0);
    const failed = receiver.requestsTo('/dead-in-order').length;
    expect(failed).toBeGreaterThanOrEqual(10);
    receiver.respond('/dead-in-order', () => ({ status: 200 }));
    const arrived = () => idsAt('/dead-in-order').slice(failed);
    await until('everything arrives', () => posted.every((id) => arrived().includes(id)));
    const order = arrived();
    for (let n = 0; n < 2 * groups; n += 2)
      expect(order.indexOf(posted[n] ?? '')).toBeLessThan(order.indexOf(posted[n + 1] ?? ''));
  },
  6 * minute,
);

async function createDestination(app: string, url: string): Promise<void> {
  const answer = await fetch(`${system.url}/api/v1/app/${app}/destination`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'fifoEndpoint', config: { url }, metadata: { orderBy: '$.key' } }),
  });
  expect(answer.status).toBe(201);
}
