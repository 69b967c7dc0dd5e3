import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { createClient } from './load/order-traffic.ts';

/** Under `serverless offline` a message takes ten times as long. */
const orders = commandUnderTest() === 'dev' ? 30 : 500;

/** Every change is an event for the FIFO endpoint, and each change of the status is another one for a filtered endpoint. */
const sources = `
sources:
  - name: orders
    table: orders
    application: shop
    rules:
      - name: all
        event_type: order.\${operation}
      - name: status
        on: update
        changed: [status]
        event_type: order.status
        payload: { include: [keys, changed] }
  - name: customers
    table: customers
    application: customers
    auto_create: true
    rules:
      - name: all
        event_type: customer.\${operation}
`;

let folder: string;
let system: LaunchedSystem;
let receiver: Receiver;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-sources-'));
  const file = join(folder, 'posthorn.sources.yml');
  await writeFile(file, sources);
  const environment = { POSTHORN_RETRY_SCHEDULE: '1,1,2', POSTHORN_SOURCES: file };
  [system, receiver] = await Promise.all([launchSystem(environment, commandUnderTest()), startReceiver()]);
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

interface Arrived {
  readonly type: string;
  readonly data: {
    readonly operation: string;
    readonly keys: { readonly id: string };
    readonly changed?: Readonly<Record<string, { readonly old?: string; readonly new?: string }>>;
  };
}

/** The events that arrived at a path by their message ids, in the order of their first requests. */
const arrivedAt = (path: string): ReadonlyMap<string, Arrived> =>
  new Map(
    receiver.requestsTo(path).map(({ headers, body }) => [String(headers['webhook-id']), JSON.parse(body)] as const),
  );

/** What arrived of each order, in order. */
function storiesOf(arrived: ReadonlyMap<string, Arrived>): Readonly<Record<string, readonly string[]>> {
  const stories: Record<string, string[]> = {};
  for (const { type, data } of arrived.values()) {
    stories[data.keys.id] ??= [];
    const { status, note } = data.changed ?? {};
    stories[data.keys.id]?.push([type, status?.new ?? note?.new ?? ''].join(' ').trim());
  }
  return stories;
}

const ofEach = (story: readonly string[]) =>
  Object.fromEntries(Array.from({ length: orders }, (_, n) => [`order-${n}`, story]));

async function killHost(): Promise<void> {
  process.kill((await system.cloud()).processes.host ?? 0, 'SIGKILL');
}

it(`makes ${5 * orders} events, in order, of changes of ${orders} items by another process, in two kills`, async () => {
  const svix = createClient(system.url, system.token);
  const { id } = await svix.application.create({ name: 'Shop', uid: 'shop' });
  const all = ['order.insert', 'order.update', 'order.remove'];
  for (const name of [...all, 'order.status']) await svix.eventType.create({ name, description: name });
  const config = { url: `${receiver.url}/fifo` };
  const metadata = { orderBy: 'orderingKey' };
  await svix.destination.create(id, { type: 'fifoEndpoint', config, eventTypes: all, metadata });
  await svix.endpoint.create(id, { url: `${receiver.url}/status`, eventTypes: ['order.status'] });

  const script = join(import.meta.dirname, 'fixtures/change-orders.mjs');
  const program = runProgram(script, [system.dataDir, String(orders)]);
  await program.waitFor(/^done 1/m);
  await killHost();
  await program.waitFor(/^done 3/m);
  await killHost();
  expect(await program.ended).toBe(0);

  await receiver.waitFor(() => arrivedAt('/fifo').size >= 5 * orders);
  await receiver.waitFor(() => arrivedAt('/status').size >= 2 * orders);
  expect(storiesOf(arrivedAt('/fifo'))).toEqual(
    ofEach(['order.insert open', 'order.update paid', 'order.update fragile', 'order.update shipped', 'order.remove']),
  );
  // Without order, a retry can arrive late.
  const statusStories = Object.entries(storiesOf(arrivedAt('/status'))).map(([key, story]) => [key, story.toSorted()]);
  expect(Object.fromEntries(statusStories)).toEqual(ofEach(['order.status paid', 'order.status shipped']));
  expect([arrivedAt('/fifo').size, arrivedAt('/status').size]).toEqual([5 * orders, 2 * orders]);
});

it('has said once that the table was missing, before it existed', async () => {
  const waiting = /there is no table orders yet/g;
  await until('the line was written', () => system.output().match(waiting)?.length === 1);
});

/** Customers in a table without a stream, as one that was filled before Posthorn came. */
async function fillCustomers(count: number): Promise<void> {
  const { dynamodb: endpoint, region, accessKeyId, secretAccessKey } = await system.cloud();
  const client = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const TableName = 'customers';
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  for (let n = 0; n < count; n += 1)
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: `c-${n}` }, photo: { B: Buffer.from([n]) } } }));
  client.destroy();
}

it('makes insert events of items that exist already, on request', async () => {
  await fillCustomers(120);
  const environment = { POSTHORN_DATA_DIR: system.dataDir, POSTHORN_SOURCES: join(folder, 'posthorn.sources.yml') };
  const args = ['backfill', 'customers', '--rate', '500'];
  const program = runProgram(commandScript('sources'), args, environment);
  expect(await program.ended).toBe(0);
  expect(program.stdout()).toContain('Done: 120 events of 120 items.');
  const svix = createClient(system.url, system.token);
  const { data } = await svix.message.list('customers', { limit: 250, withContent: true });
  expect(new Set(data.map(({ payload }) => JSON.stringify(payload.data.new))).size).toBe(120);
  expect(data[0]).toMatchObject({ eventType: 'customer.insert', payload: { data: { operation: 'insert' } } });
});
