import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { aCountedAttempt, aDelivery, aMessage, anAttempt, ids, nthId, secondsLater } from '@posthorn/testing';
import { createAttemptRepository } from './attempts.ts';
import { createClaimRepository } from './claims.ts';
import { createDynamoClient } from './client.ts';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { createMessageRepository } from './messages.ts';
import { createStatisticsRepository } from './statistics.ts';
import type { Store } from './store.ts';
import { createTestStore } from './test-store.ts';

/** A store that returns the cost of every write and query. */
async function createMeteredStore(...[table]: Parameters<typeof createTestStore>) {
  const { stage } = await createTestStore(table);
  const client = createDynamoClient();
  const costs: ConsumedCapacity[] = [];
  client.middlewareStack.add(
    (next) => async (call) => {
      Object.assign(call.input, { ReturnConsumedCapacity: 'INDEXES' });
      const answer = await next(call);
      const { ConsumedCapacity: cost } = answer.output as { ConsumedCapacity?: ConsumedCapacity };
      if (cost) costs.push(cost);
      return answer;
    },
    { step: 'initialize' },
  );
  return { store: { client, stage } satisfies Store, costs };
}

const oneKilobyte = JSON.stringify({ text: 'x'.repeat(1_024 - 11) });

it('writes a message of 1 KB in 2 units', async () => {
  const { store, costs } = await createMeteredStore('messages');
  const message = aMessage({
    body: oneKilobyte,
    channels: ['eu-west', 'billing'],
    tags: ['blue'],
    eventId: 'order-1234',
  });
  expect(Buffer.byteLength(message.body)).toBe(1_024);
  await createMessageRepository(store).insert(message);
  expect(costs).toMatchObject([{ CapacityUnits: 2 }]);
});

it('writes a change event of 600 bytes, with its ordering key, in 1 unit', async () => {
  const { store, costs } = await createMeteredStore('messages');
  const orderingKey = `orders {"customer":"${'c'.repeat(20)}","order":"${'o'.repeat(10)}"}`;
  expect(orderingKey.length).toBeLessThanOrEqual(64);
  const body = JSON.stringify({ text: 'x'.repeat(600 - 11) });
  await createMessageRepository(store).insert(aMessage({ body, orderingKey, channels: ['eu-west'], tags: ['blue'] }));
  expect(costs).toMatchObject([{ CapacityUnits: 1 }]);
});

it('relays a message in 1 unit', async () => {
  const { store, costs } = await createMeteredStore('messages');
  await createMessageRepository(store).relay(aMessage({ body: oneKilobyte }));
  expect(costs).toMatchObject([{ CapacityUnits: 1 }]);
});

it('records an attempt with a short answer in 1 unit, and 1 for its index', async () => {
  const { store, costs } = await createMeteredStore('attempts');
  const url = `https://hooks.example.com/${'path/'.repeat(30)}`;
  const attempt = anAttempt({ url, channels: ['eu-west', 'billing'], next: { kind: 'retry', at: secondsLater(5) } });
  await createAttemptRepository(store).record(attempt);
  expect(costs).toMatchObject([
    { Table: { CapacityUnits: 1 }, GlobalSecondaryIndexes: { byMessage: { CapacityUnits: 1 } } },
  ]);
});

it('claims an idempotency key in 1 unit', async () => {
  const { store, costs } = await createMeteredStore('claims');
  const claim = { key: 'k'.repeat(64), messageId: ids.message, claimedAt: secondsLater(0), expiresAt: secondsLater(9) };
  await createClaimRepository(store).claim(claim);
  expect(costs).toMatchObject([{ CapacityUnits: 1 }]);
});

it('stores a waiting delivery in 1 unit', async () => {
  const { store, costs } = await createMeteredStore('due-deliveries');
  await createDueDeliveryRepository(store).insert(aDelivery());
  expect(costs).toMatchObject([{ CapacityUnits: 1 }]);
});

it('counts a batch of 100 attempts at one endpoint, from all partitions, in 1 unit', async () => {
  const { store, costs } = await createMeteredStore('statistics');
  const { count } = createStatisticsRepository(store);
  const aBatch = (first: number) =>
    Array.from({ length: 100 }, (_, n) =>
      aCountedAttempt({
        source: `${ids.endpoint}#${n % 16}`,
        sequenceNumber: `${10 ** 20}${first + n}`,
        eventType: `invoice.${['paid', 'sent', 'overdue'][n % 3]}`,
        succeeded: n % 10 > 0,
        attemptedAt: secondsLater(n),
      }),
    );
  await count(aBatch(100));
  await count(aBatch(200));
  // The first call reads what an earlier version has counted, once for each endpoint and hour.
  const [, ...writes] = costs;
  expect(writes).toMatchObject([{ CapacityUnits: 1 }, { CapacityUnits: 1 }]);
});

it('costs 5 units for a message of 1 KB that one endpoint accepts at once, plus a share of statistics', async () => {
  const parts = await Promise.all([measureClaim(), measureMessage(), measureAttempt()]);
  expect(parts.reduce((sum, units) => sum + units, 0)).toBe(5);
});

const unitsOf = (costs: readonly ConsumedCapacity[]): number =>
  costs.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);

async function measureClaim(): Promise<number> {
  const { store, costs } = await createMeteredStore('claims');
  const messageId = nthId('message', 1);
  const times = { claimedAt: secondsLater(0), expiresAt: secondsLater(9) };
  await createClaimRepository(store).claim({ key: 'k'.repeat(64), messageId, ...times });
  return unitsOf(costs);
}

async function measureMessage(): Promise<number> {
  const { store, costs } = await createMeteredStore('messages');
  await createMessageRepository(store).insert(aMessage({ body: oneKilobyte }));
  return unitsOf(costs);
}

async function measureAttempt(): Promise<number> {
  const { store, costs } = await createMeteredStore('attempts');
  await createAttemptRepository(store).record(anAttempt());
  return unitsOf(costs);
}
