import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { tableName } from '@posthorn/contracts';
import { deliveryIdOf, dueShards, shardOf } from '@posthorn/core';
import { aDelivery, secondsLater } from '@posthorn/testing';
import { describeDueDeliveryRepository } from '@posthorn/testing/contract/due-delivery-repository';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { createTestStore } from './test-store.ts';

describeDueDeliveryRepository('in DynamoDB', async () =>
  createDueDeliveryRepository(await createTestStore('due-deliveries')),
);

const delivery = aDelivery({ attemptNumber: 3, scheduledAt: secondsLater(10) });
const shard = shardOf(deliveryIdOf(delivery), dueShards);
const due = `2026-01-01T00:00:10.000Z#${deliveryIdOf(delivery)}#3`;
/** The row of `delivery`, as versions without `notBefore` wrote it. */
const row = {
  shard: `due#${shard}`,
  due,
  org: delivery.organisationId,
  app: delivery.applicationId,
  messageId: delivery.messageId,
  endpointId: delivery.endpointId,
  number: 3,
  at: '2026-01-01T00:00:10.000Z',
  trigger: 'scheduled',
  expiresAt: 1_768_435_210,
};

/** A table with rows as DynamoDB keeps them. */
async function aTableWith(...rows: readonly object[]) {
  const store = await createTestStore('due-deliveries');
  const TableName = tableName(store.stage, 'due-deliveries');
  for (const Item of rows) {
    await store.client.send(new PutItemCommand({ TableName, Item: marshall(Item, { removeUndefinedValues: true }) }));
  }
  return createDueDeliveryRepository(store);
}

describe('the due table', () => {
  it('reads and deletes a row of an older version', async () => {
    const table = await aTableWith(row);
    expect(await table.listDue(shard, secondsLater(60), 10)).toEqual({
      deliveries: [delivery],
      wakes: [],
      unreadable: [],
    });
    await table.delete([delivery]);
    expect(await table.listDue(shard, secondsLater(60), 10)).toEqual({ deliveries: [], wakes: [], unreadable: [] });
  });

  it.each([
    ['an attribute of the wrong type', { number: 'three' }, 'row has an invalid attribute: number'],
    ['an attribute that is missing', { trigger: undefined }, 'row has an invalid attribute: trigger'],
    ['a number that is too large', { number: 12345678901234567890n }, 'row has an invalid attribute: number'],
    ['another key than its delivery has', { at: '2026-01-01T00:00:11.000Z' }, 'row has an invalid attribute: due'],
  ])('lists a row with %s as unreadable, beside the deliveries, and deletes it', async (_, wrong, reason) => {
    const key = `2026-01-01T00:00:09.000Z#wrong`;
    const table = await aTableWith(row, { ...row, due: key, ...wrong });
    const { deliveries, unreadable } = await table.listDue(shard, secondsLater(60), 10);
    expect(deliveries).toEqual([delivery]);
    expect(unreadable).toEqual([{ shard, key, reason, text: expect.stringContaining(delivery.messageId) }]);
    await table.deleteUnreadable(unreadable);
    expect(await table.listDue(shard, secondsLater(60), 10)).toEqual({
      deliveries: [delivery],
      wakes: [],
      unreadable: [],
    });
  });
});
