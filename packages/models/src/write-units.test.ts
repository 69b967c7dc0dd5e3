import { randomBytes } from 'node:crypto';
import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { type Table, tableName } from '@posthorn/contracts';
import { firstAttemptIdOf } from '@posthorn/core';
import {
  aCountedAttempt,
  aDelivery,
  aMessage,
  anAttempt,
  anEndpoint,
  aStoredDelivery,
  ids,
  nthId,
  realisticBody,
  secondsLater,
} from '@posthorn/testing';
import { createAttemptRepository } from './attempts.ts';
import { createClaimRepository } from './claims.ts';
import { createDynamoClient } from './client.ts';
import { createDeliveryRepository } from './deliveries.ts';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { createEndpointRepository } from './endpoints.ts';
import { messageKey } from './messages/message-row.ts';
import { createMessageRepository } from './messages.ts';
import { createParkedGroupRepository } from './parked-groups.ts';
import { getRow } from './rows/row-access.ts';
import { createStatisticsRepository } from './statistics.ts';
import type { Store } from './store.ts';
import { createTestStore } from './test-store.ts';

/** A store that returns the cost of every write and query. */
async function createMeteredStore(...tables: readonly Table[]) {
  const { stage } = await createTestStore(...tables);
  const client = createDynamoClient();
  const costs: ConsumedCapacity[] = [];
  client.middlewareStack.add(
    (next) => async (call) => {
      Object.assign(call.input, { ReturnConsumedCapacity: 'INDEXES' });
      const answer = await next(call);
      // A transaction returns the cost of each of its tables.
      const { ConsumedCapacity: cost } = answer.output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] };
      if (cost) costs.push(...[cost].flat());
      return answer;
    },
    { step: 'initialize' },
  );
  return { store: { client, stage } satisfies Store, costs };
}

const url = `https://hooks.example.com/${'path/'.repeat(30)}`;
const oneKilobyte = realisticBody({ bytes: 1_024, seed: 1 });
const twoKilobytes = realisticBody({ bytes: 2_048, seed: 1 });

it('writes a message of 1 KB in 1 unit', async () => {
  const { store, costs } = await createMeteredStore('messages');
  const message = aMessage({
    body: oneKilobyte,
    channels: ['eu-west', 'billing'],
    tags: ['blue'],
    eventId: 'order-1234',
  });
  expect(Buffer.byteLength(message.body)).toBe(1_024);
  await createMessageRepository(store).insert(message);
  expect(costs).toMatchObject([{ CapacityUnits: 1 }]);
});

it('writes a message of 2 KB in 2 units', async () => {
  const { store, costs } = await createMeteredStore('messages');
  await createMessageRepository(store).insert(aMessage({ body: twoKilobytes }));
  expect(costs).toMatchObject([{ CapacityUnits: 2 }]);
});

it('stores a text as it is if the row would not cost less', async () => {
  const { store } = await createMeteredStore('messages');
  const short = aMessage({ body: realisticBody({ bytes: 700, seed: 1 }) });
  const random = aMessage({ messageId: nthId('message', 1), body: randomBytes(900).toString('base64') });
  for (const message of [short, random]) {
    await createMessageRepository(store).insert(message);
    const key = messageKey(message);
    const row = await getRow(store, { tableName: tableName(store.stage, 'messages'), key });
    expect(row?.body).toBe(message.body);
  }
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

it('records a first attempt that succeeded, with an answer of 600 bytes, in 1 unit', async () => {
  const { store, costs } = await createMeteredStore('attempts');
  const response = realisticBody({ bytes: 600, seed: 2 });
  await createAttemptRepository(store).record(anAttempt({ url, attemptId: firstAttemptIdOf(aDelivery()), response }));
  expect(costs).toEqual([{ TableName: expect.anything(), CapacityUnits: 1, Table: { CapacityUnits: 1 } }]);
});

it('records a retry or a failure with a short answer in 1 unit, and 1 for its index', async () => {
  const { store, costs } = await createMeteredStore('attempts');
  const next = { kind: 'retry', at: secondsLater(5) } as const;
  await createAttemptRepository(store).record(anAttempt({ url, status: 'failed', next }));
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

it('stores a delivery that is tried again in 1 unit, and 1 for its index; another state costs the index 1 more', async () => {
  const { store, costs } = await createMeteredStore('deliveries');
  const deliveries = createDeliveryRepository(store);
  const at = { scheduledAt: secondsLater(5), notBefore: secondsLater(60) };
  await deliveries.put(aStoredDelivery({ state: 'planned', reason: 'retry' }, { attemptNumber: 2, ...at }));
  await deliveries.put(aStoredDelivery({ state: 'planned', reason: 'retry' }, { attemptNumber: 3, ...at }));
  await deliveries.put(aStoredDelivery({ state: 'failed', reason: 'exhausted' }, { attemptNumber: 3, ...at }));
  await deliveries.delete({ endpointId: ids.endpoint, messageId: ids.message });
  const unitsOf = (table: number, byState: number) => ({
    Table: { CapacityUnits: table },
    GlobalSecondaryIndexes: { byState: { CapacityUnits: byState } },
  });
  expect(costs).toMatchObject([unitsOf(1, 1), unitsOf(1, 1), unitsOf(1, 2), unitsOf(1, 1)]);
});

it('stores a group that waits in 1 unit, and pays for the index of blocked groups only when it is blocked', async () => {
  const { store, costs } = await createMeteredStore('groups', 'deliveries', 'due-deliveries');
  const groups = createParkedGroupRepository(store);
  const owner = {
    organisationId: ids.organisation,
    applicationId: ids.application,
    endpointId: ids.endpoint,
    group: `${ids.endpoint}_a`,
  };
  const head = { head: ids.message, place: '1'.padStart(20, '0'), attempt: 2 };
  const waits = { ...head, state: 'waiting', reason: 'retry', notBefore: secondsLater(60) } as const;
  const blocks = { ...head, state: 'blocked', reason: 'exhausted' } as const;
  const now = secondsLater(0);
  await groups.open({ owner, to: { ...waits, epoch: 1 }, delivery: aDelivery(), now });
  await groups.move({ owner, from: 1, to: { ...waits, epoch: 2 }, now });
  await groups.move({ owner, from: 2, to: { ...blocks, epoch: 3 }, now });
  await groups.park({ group: owner.group, place: '2'.padStart(20, '0'), delivery: aDelivery(), now });
  await groups.move({ owner, from: 3, to: { ...waits, epoch: 4 }, now });
  const ofGroups = costs.filter(({ TableName }) => TableName?.endsWith('-groups'));
  expect(
    ofGroups.map(({ GlobalSecondaryIndexes = {} }) => GlobalSecondaryIndexes.byBlocked?.CapacityUnits ?? 0),
  ).toEqual([0, 0, 2, 0, 2]);
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

it.each([
  ['1 KB', oneKilobyte, 3],
  ['2 KB', twoKilobytes, 4],
])(
  'costs a message of %s that one endpoint accepts at once, and its share of statistics',
  async (_, body, expected) => {
    const parts = await Promise.all([measureClaim(), measureMessage(body), measureAttempt()]);
    expect(parts.reduce((sum, units) => sum + units, 0)).toBe(expected);
  },
);

it('lists the attempts of a message among 500 endpoints in bounded reads', async () => {
  const { store, costs } = await createMeteredStore('attempts', 'endpoints');
  const endpoints = createEndpointRepository(store);
  const attempts = createAttemptRepository(store);
  const endpointIds = Array.from({ length: 500 }, (_, n) => nthId('endpoint', n));
  for (const endpointId of endpointIds) {
    await endpoints.insert(anEndpoint({ endpointId, description: 'd'.repeat(200) }));
    const attemptId = firstAttemptIdOf({ messageId: ids.message, endpointId });
    await attempts.record(anAttempt({ endpointId, attemptId }));
  }
  costs.length = 0;
  const page = { limit: 50, direction: 'forward', withResponse: false, applicationId: ids.application } as const;
  const { items } = await attempts.listByMessage(ids.message, page, secondsLater(60));
  expect(items).toHaveLength(50);
  // 500 endpoints of about 600 bytes, and one for each attempt that is read.
  expect(unitsOf(costs)).toBeLessThan(150);
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

async function measureMessage(body: string): Promise<number> {
  const { store, costs } = await createMeteredStore('messages');
  await createMessageRepository(store).insert(aMessage({ body }));
  return unitsOf(costs);
}

async function measureAttempt(): Promise<number> {
  const { store, costs } = await createMeteredStore('attempts');
  await createAttemptRepository(store).record(anAttempt({ url, attemptId: firstAttemptIdOf(aDelivery()) }));
  return unitsOf(costs);
}
