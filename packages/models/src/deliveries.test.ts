import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { deliveryShards, type StoredDelivery, shardOf } from '@posthorn/core';
import { aStoredDelivery, ids, nthId, secondsLater } from '@posthorn/testing';
import { describeDeliveryRepository } from '@posthorn/testing/contract/delivery-repository';
import { lineOfGroup, toDeliveryRow } from './deliveries/delivery-row.ts';
import { createDeliveryRepository } from './deliveries.ts';
import { type Row, toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

const aRepository = async () => createDeliveryRepository(await createTestStore('deliveries'));
describeDeliveryRepository('in DynamoDB', aRepository);

const retention = { successDays: 30, failureDays: 10 };
const failed = { state: 'failed', reason: 'exhausted' } as const;
const held = { state: 'held', reason: 'endpoint-failing' } as const;
const shard = shardOf(ids.message, deliveryShards);

describe('the row of a stored delivery', () => {
  it('is found by its message, and in the index by its state', () => {
    expect(toDeliveryRow(aStoredDelivery(held), retention)).toMatchObject({
      line: `${ids.endpoint}#${shard}`,
      place: ids.message,
      state: `${ids.endpoint}#${shard}#held`,
    });
  });

  it('is in the line of its group while it is parked', () => {
    const place = { group: `${ids.endpoint}#"a"`, sequence: '1'.padStart(20, '0') };
    const row = toDeliveryRow(aStoredDelivery({ state: 'parked', reason: 'behind' }, {}, { place }), retention);
    expect(row).toMatchObject({
      line: lineOfGroup(ids.endpoint, place.group),
      place: place.sequence,
      state: `${ids.endpoint}#${shard}#parked`,
    });
    expect(lineOfGroup(ids.endpoint, 'a')).toMatch(new RegExp(`^${ids.endpoint}#group#[0-9a-f]{32}$`));
    expect(lineOfGroup(ids.endpoint, 'a')).not.toBe(lineOfGroup(ids.endpoint, 'b'));
  });

  it('has no end while the delivery is parked, however long its group is blocked', async () => {
    const place = { group: `${ids.endpoint}#"a"`, sequence: '1'.padStart(20, '0') };
    const parked = aStoredDelivery({ state: 'parked', reason: 'behind' }, {}, { place });
    expect(toDeliveryRow(parked, retention).expiresAt).toBeUndefined();
    const deliveries = createDeliveryRepository({ ...(await createTestStore('deliveries')), retention });
    await deliveries.put(parked);
    const muchLater = secondsLater(1_000 * 86_400);
    const query = { state: 'parked', limit: 10, direction: 'forward' } as const;
    expect((await deliveries.list(ids.endpoint, query, muchLater)).items).toEqual([parked]);
    expect((await deliveries.count(ids.endpoint, muchLater)).pending).toBe(1);
  });

  it('is kept while the delivery waits, however long, and then as long as failed attempts', () => {
    const days = (stored: StoredDelivery) =>
      (Number(toDeliveryRow(stored, retention).expiresAt) - secondsLater(0).getTime() / 1000) / 86_400;
    expect(toDeliveryRow(aStoredDelivery(held), retention).expiresAt).toBeUndefined();
    expect(toDeliveryRow(aStoredDelivery({ state: 'planned', reason: 'retry' }), retention).expiresAt).toBeUndefined();
    expect(days(aStoredDelivery(failed))).toBe(10);
    expect(days(aStoredDelivery({ state: 'canceled', reason: 'endpoint_deleted' }))).toBe(10);
  });

  it.each([
    ['state', { state: 'ep_1#0#lost' }],
    ['reason', { reason: 'behind' }],
    ['since', { since: 'yesterday' }],
    ['number', { number: 'two' }],
  ])('is refused if its %s is invalid', async (attribute, wrong) => {
    const store = await createTestStore('deliveries');
    const row: Row = { ...toDeliveryRow(aStoredDelivery(held), retention), ...wrong };
    const TableName = tableName(store.stage, 'deliveries');
    await store.client.send(new PutItemCommand({ TableName, Item: toItem(row) }));
    const find = createDeliveryRepository(store).find({ endpointId: ids.endpoint, messageId: ids.message });
    await expect(find).rejects.toThrow(`row has an invalid attribute: ${attribute}`);
  });
});

it('neither lists nor counts rows that have expired and are not removed yet', async () => {
  const deliveries = createDeliveryRepository({ ...(await createTestStore('deliveries')), retention });
  await deliveries.put(aStoredDelivery({ state: 'canceled', reason: 'endpoint_deleted' }));
  const query = { state: 'canceled', limit: 10, direction: 'forward' } as const;
  const before = secondsLater(10 * 86_400 - 1);
  expect((await deliveries.list(ids.endpoint, query, before)).items).toHaveLength(1);
  expect((await deliveries.count(ids.endpoint, before)).canceled).toBe(1);
  const after = secondsLater(10 * 86_400);
  expect((await deliveries.list(ids.endpoint, query, after)).items).toEqual([]);
  expect((await deliveries.count(ids.endpoint, after)).canceled).toBe(0);
});

it('counts a limited number of rows, and says so', async () => {
  const store = await createTestStore('deliveries');
  const deliveries = createDeliveryRepository({ ...store, maxCounted: 16 });
  for (let n = 0; n < 60; n += 1) await deliveries.put(aStoredDelivery(held, { messageId: nthId('message', n) }));
  const { pending, isComplete } = await deliveries.count(ids.endpoint, secondsLater(60));
  expect(isComplete).toBe(false);
  expect(pending).toBe(16);
});
