import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';

const minute = 60_000;
const program = join(import.meta.dirname, 'main.ts');
const environment = { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };

let system: LaunchedSystem;
beforeAll(async () => {
  const sources = join(import.meta.dirname, '../posthorn.sources.yml');
  system = await launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,2', POSTHORN_SOURCES: sources });
});
afterAll(() => system?.stop());

interface RunningShop {
  readonly shop: string;
  readonly warehouse: string;
  output(): string;
  stop(): Promise<void>;
}

let running: ChildProcess | undefined;
afterEach(() => void running?.kill('SIGKILL'));

/** Runs the program as a user does. */
async function runShop(ports: { readonly SHOP_PORT: string; readonly WAREHOUSE_PORT: string }): Promise<RunningShop> {
  const env = { ...environment, POSTHORN_DATA_DIR: system.dataDir, ...ports };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ready = /^Shop at (\S+), warehouse at ([^.\s]+)\./m;
  await until(() => ready.test(output) || child.exitCode !== null);
  const [, shop = '', warehouse = ''] = ready.exec(output) ?? [];
  if (shop === '') throw new Error(`the shop did not start: ${output}`);
  const stop = async () => {
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null);
  };
  return { shop, warehouse, output: () => output, stop };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 8 * minute;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('did not happen');
    await wait(50);
  }
}

async function send(method: string, url: string, body?: object) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: answer.status, body: await answer.json() };
}

const historyOf = async (warehouse: string, id: string): Promise<unknown> =>
  (await send('GET', `${warehouse}/parcels/${id}`)).body.history;

it('tells the warehouse each change once and in order, also over its own death and for an event that comes again', async () => {
  const first = await runShop({ SHOP_PORT: '0', WAREHOUSE_PORT: '0' });
  const { status, body: order } = await send('POST', `${first.shop}/orders`, { product: 'horn', quantity: 2 });
  expect([status, order]).toMatchObject([201, { product: 'horn', quantity: 2, status: 'placed' }]);
  await until(async () => (await historyOf(first.warehouse, order.id)) !== undefined);
  for (const next of ['paid', 'shipped'])
    expect(await send('PATCH', `${first.shop}/orders/${order.id}`, { status: next })).toMatchObject({ status: 200 });
  // It dies while events are on their way. Its ports stay the same.
  await first.stop();
  const { port: SHOP_PORT } = new URL(first.shop);
  const { port: WAREHOUSE_PORT } = new URL(first.warehouse);
  const second = await runShop({ SHOP_PORT, WAREHOUSE_PORT });
  const whole = ['placed', 'paid', 'shipped'];
  await until(async () => ((await historyOf(second.warehouse, order.id)) as string[]).length === whole.length);
  expect(await historyOf(second.warehouse, order.id)).toEqual(whole);

  const svix = new Svix(system.token, { serverUrl: system.url });
  const { data } = await svix.message.list('example-shop');
  expect(data).toHaveLength(3);
  const destination = await svix.destination.get('example-shop', 'example-warehouse');
  await svix.messageAttempt.resend('example-shop', data[0]?.id ?? '', destination.id);
  await until(() => second.output().includes('as it has heard before'));
  expect(await historyOf(second.warehouse, order.id)).toEqual(whole);
});

it('sells no more than it has, tells nobody about what was not sold, and purchasing about what is left', async () => {
  const { shop, warehouse, output } = await runShop({ SHOP_PORT: '0', WAREHOUSE_PORT: '0' });
  const place = (quantity: number) => send('POST', `${shop}/orders`, { product: 'bugle', quantity });
  const [all, more, other] = [await place(10), await place(1), await place(0)];
  expect([all.status, more, other.status]).toEqual([201, { status: 409, body: expect.anything() }, 201]);
  const missing = await send('PATCH', `${shop}/orders/order-7`, { status: 'paid' });
  expect(missing).toEqual({ status: 409, body: { problem: 'there is no order order-7 that is placed' } });
  await until(async () => (await historyOf(warehouse, other.body.id)) !== undefined);
  await until(() => output().includes('Purchasing: only 0 left of bugle, more is ordered'));
  // Ids of other orders may begin with these letters too.
  expect(output()).not.toMatch(/order-7(?![\w-])/);
  const svix = new Svix(system.token, { serverUrl: system.url });
  const { data } = await svix.message.list('example-shop');
  expect(data.filter(({ eventType }) => eventType === 'order.placed')).toHaveLength(3);
});

it('refuses requests that Posthorn has not signed', async () => {
  const { warehouse, output } = await runShop({ SHOP_PORT: '0', WAREHOUSE_PORT: '0' });
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1_000)) };
  const body = JSON.stringify({ id: 'order-1', status: 'placed' });
  for (const more of [{}, { 'webhook-signature': 'v1,AAAA' }]) {
    const answer = await fetch(`${warehouse}/webhooks`, { method: 'POST', headers: { ...headers, ...more }, body });
    expect(answer.status).toBe(401);
  }
  expect(output()).not.toContain('order-1');
});

it('says how to start Posthorn if it does not run', async () => {
  const child = spawn(process.execPath, [program], { env: { ...environment, POSTHORN_DATA_DIR: '/nowhere/at/all' } });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await until(() => child.exitCode !== null);
  expect(output).toMatch(/^There is no .* in \/nowhere\/at\/all: .* npx pnpm@12 start\n$/);
});
