import { type DynamodbServer, type FaultRule, startDynamodbEmbedded } from '@posthorn/local-dynamodb';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { checkDeliveries, followDeliveries } from './load/check-deliveries.ts';
import { createClient, postMessages, prepareTenants } from './load/order-traffic.ts';

const messages = 300;
const minute = 60_000;
const seed = Number(process.env.FAULTS_SEED ?? 20_261_125);

const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];
const rules: readonly FaultRule[] = [
  { kind: 'throttle', probability: 0.04 },
  { kind: 'error', probability: 0.02 },
  { kind: 'lost-answer', probability: 0.03, operations: writes },
  { kind: 'latency', probability: 0.05, latencyMs: 150 },
];

let store: DynamodbServer;
let system: LaunchedSystem;
let receiver: Receiver;
beforeAll(async () => {
  store = await startDynamodbEmbedded();
  const environment = { POSTHORN_DYNAMODB: store.endpoint, POSTHORN_RETRY_SCHEDULE: '1,1,2' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
  await store?.stop();
}, minute);

it(
  'delivers every message once and in order when the store throttles, fails, and loses responses',
  async () => {
    const svix = createClient(system.url, system.token);
    const tenants = await prepareTenants(svix, receiver);
    store.faults.set({ seed, rules });
    const posted = await postMessages(svix, tenants, messages);
    await receiver.waitFor(followDeliveries(posted).areAllDone, 8 * minute);
    const struck = store.faults.counts();
    store.faults.set();
    process.stdout.write(`seed ${seed}: ${rules.map(({ kind }, index) => `${struck[index]} × ${kind}`).join(', ')}\n`);
    expect(checkDeliveries(receiver, posted, tenants)).toEqual({
      missing: 0,
      duplicates: 0,
      badSignatures: 0,
      wrongBodies: 0,
      outOfOrder: 0,
      toPrivate: 0,
    });
    expect(new Set(posted.map(({ messageId }) => messageId)).size).toBe(messages);
    expect(struck.every((times) => times > 0)).toBe(true);
  },
  15 * minute,
);
