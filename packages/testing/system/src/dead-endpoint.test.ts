import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { countReceipts } from './fixtures/count-receipts.ts';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

/** A breaker opens some seconds after ten failures over ten seconds. */
const betweenPostsMs = 400;
const heldMessages = 40;
const heldGroups = 15;
const fewProbes = 5;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
/** An application with a dead endpoint beside two that are well. */
let plain: Application;
/** An application with a dead destination. Two messages in a row have the same key. */
let ordered: Application;
/** The first of the endpoints, which is dead. */
let deadEndpoint: string;

/** Both are dead, and one after the other gets messages, until both breakers are open. */
beforeAll(async () => {
  // A failed attempt is tried again when the breaker is open, and before its first probe.
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '20,60,60' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
  for (const path of ['/dead', '/dead-in-order']) receiver.respond(path, () => ({ status: 500 }));
  [plain, ordered] = await Promise.all([anApplication('dead'), anApplication('dead in order')]);
  const urls = ['/dead', '/well', '/also-well'].map((path) => `${receiver.url}${path}`);
  const [dead] = await Promise.all(urls.map((url) => svix.endpoint.create(plain.id, { url })));
  deadEndpoint = dead?.id ?? '';
  await createDestination(ordered.id, `${receiver.url}/dead-in-order`);

  let areOpen = false;
  const opened = until('both breakers are open', async () => (await countOpenBreakers()) === 2).finally(() => {
    areOpen = true;
  });
  while (!areOpen) {
    await Promise.all([plain.post(), ordered.post()]);
    await wait(betweenPostsMs);
  }
  await opened;
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

interface Application {
  readonly id: string;
  /** The messages that were accepted. */
  readonly posted: readonly string[];
  post(): Promise<void>;
}

async function anApplication(name: string): Promise<Application> {
  const { id } = await svix.application.create({ name });
  const posted: string[] = [];
  let n = 0;
  return {
    id,
    posted,
    async post() {
      const payload = { n, key: Math.floor(n / 2) };
      n += 1;
      posted.push((await svix.message.create(id, { eventType: 'a', payload })).id);
    },
  };
}

async function createDestination(app: string, url: string): Promise<void> {
  const answer = await fetch(`${system.url}/api/v1/app/${app}/destination`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'fifoEndpoint', config: { url }, metadata: { orderBy: '$.key' } }),
  });
  expect(answer.status).toBe(201);
}

const idsAt = (path: string) => receiver.requestsTo(path).map(({ headers }) => String(headers['webhook-id']));

async function untilWellHaveAll(): Promise<void> {
  for (const path of ['/well', '/also-well'])
    await receiver.waitFor(() => plain.posted.every((id) => idsAt(path).includes(id)));
}

async function countOpenBreakers(): Promise<number> {
  const program = runProgram(commandScript('status'), ['--json'], { POSTHORN_DATA_DIR: system.dataDir });
  await program.ended;
  return JSON.parse(program.stdout()).openBreakers;
}

it('a dead endpoint gets few requests, and the endpoints beside it notice nothing', async () => {
  await untilWellHaveAll();
  const [before, beforeInOrder] = ['/dead', '/dead-in-order'].map((path) => receiver.requestsTo(path).length);
  expect(before).toBeGreaterThanOrEqual(10);
  expect(beforeInOrder).toBeGreaterThanOrEqual(10);
  for (let n = 0; n < heldMessages; n += 1) await plain.post();
  for (let n = ordered.posted.length % 2; n < 2 * heldGroups; n += 1) await ordered.post();
  await untilWellHaveAll();
  // One probe at most was due meanwhile. On a slow machine, a few were.
  expect(receiver.requestsTo('/dead').length - (before ?? 0)).toBeLessThanOrEqual(fewProbes);
  expect(receiver.requestsTo('/dead-in-order').length - (beforeInOrder ?? 0)).toBeLessThanOrEqual(fewProbes);
  expect(await countOpenBreakers()).toBe(2);
});

describe('when they are back', () => {
  const failed = { '/dead': 0, '/dead-in-order': 0 };
  beforeAll(() => {
    for (const path of ['/dead', '/dead-in-order'] as const) {
      receiver.respond(path, () => ({ status: 200 }));
      failed[path] = receiver.requestsTo(path).length;
    }
  });

  it('the endpoint gets everything, with a receipt for each request, and the others get nothing twice', async () => {
    const { id, posted } = plain;
    const arrived = () => new Set(idsAt('/dead').slice(failed['/dead']));
    await until('everything arrives at the endpoint', () => posted.every((message) => arrived().has(message)));
    for (const path of ['/well', '/also-well']) expect(idsAt(path).toSorted()).toEqual(posted.toSorted());
    await until('every delivery has a receipt for each request', async () => {
      const receipts = await countReceipts(svix, id, deadEndpoint);
      return receipts.requests === receiver.requestsTo('/dead').length && receipts.succeeded === posted.length;
    });
  });

  it('the groups of the destination go on in their order', async () => {
    const { posted } = ordered;
    const arrived = () => idsAt('/dead-in-order').slice(failed['/dead-in-order']);
    await until('everything arrives', () => posted.every((id) => arrived().includes(id)));
    const order = arrived();
    for (let n = 0; n < posted.length; n += 2)
      expect(order.indexOf(posted[n] ?? '')).toBeLessThan(order.indexOf(posted[n + 1] ?? ''));
  });
});
