import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { createClient } from './load/order-traffic.ts';

const transactions = 500;
const events = 400;

let system: LaunchedSystem;
let receiver: Receiver;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,2' }), startReceiver()]);
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

interface Order {
  readonly customer: string;
  readonly sequence: number;
}

/** The orders that arrived at a path by their message ids, in the order of their first requests. */
const arrivedAt = (path: string): ReadonlyMap<string, Order> =>
  new Map(
    receiver.requestsTo(path).map(({ headers, body }) => [String(headers['webhook-id']), JSON.parse(body)] as const),
  );

/** The numbers of the orders of each customer. */
function sequencesOf(orders: ReadonlyMap<string, Order>): Readonly<Record<string, readonly number[]>> {
  const sequences: Record<string, number[]> = {};
  for (const { customer, sequence } of orders.values()) {
    sequences[customer] ??= [];
    sequences[customer].push(sequence);
  }
  return sequences;
}

async function countInOutbox(): Promise<number | undefined> {
  const { dynamodb: endpoint, region, system: credentials } = await system.cloud();
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const { Count } = await client.send(new ScanCommand({ TableName: 'posthorn-local-outbox' }));
  client.destroy();
  return Count;
}

it(`makes ${events} events of ${transactions} transactions, every fifth one cancelled, though the host is killed`, async () => {
  const svix = createClient(system.url, system.token);
  const { id } = await svix.application.create({ name: 'Shop', uid: 'shop' });
  await svix.endpoint.create(id, { url: `${receiver.url}/all` });
  const config = { url: `${receiver.url}/fifo` };
  await svix.destination.create(id, { type: 'fifoEndpoint', config, metadata: { orderBy: 'orderingKey' } });

  const script = join(import.meta.dirname, 'fixtures/place-orders.mjs');
  const program = runProgram(script, [system.dataDir, String(transactions)]);
  await program.waitFor(/half/);
  process.kill((await system.cloud()).processes.host ?? 0, 'SIGKILL');
  await program.ended;
  expect(program.stdout()).toContain(JSON.stringify({ committed: events, cancelled: transactions - events }));

  const paths = ['/all', '/fifo'];
  await receiver.waitFor(() => paths.every((path) => arrivedAt(path).size >= events));
  const [all, fifo] = paths.map(arrivedAt);
  const expected = Array.from({ length: transactions / 20 }, (_, sequence) => sequence).filter((n) => n % 5 !== 4);
  const perCustomer = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`customer-${n}`, expected]));
  expect(sequencesOf(fifo ?? new Map())).toEqual(perCustomer);
  expect([...(all ?? new Map()).keys()].sort()).toEqual([...(fifo ?? new Map()).keys()].sort());

  const { data } = await svix.message.list(id, { limit: 250 });
  expect(new Set(data.map(({ eventType }) => eventType))).toEqual(new Set(['order.placed']));
  expect(await countInOutbox()).toBe(0);
});
