import { type AttributeValue, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import {
  type Delivery,
  type DueDeliveries,
  type DueDeliveryRepository,
  deliveryIdOf,
  dueShards,
  dueTimeOf,
  shardOf,
  type UnreadableDueRow,
  type Wake,
} from '@posthorn/core';
import {
  type DueKey,
  dueWakeKey,
  isDueWake,
  readDueWake,
  shardKey,
  toDueWakeRow,
} from './due-deliveries/due-wake-row.ts';
import { deleteRows } from './rows/delete-rows.ts';
import { readDelivery, toDeliveryAttributes } from './rows/delivery-attributes.ts';
import { daysAfter, toEpochSeconds } from './rows/expiry.ts';
import { ForeignRow, type Row, toItem, toRow } from './rows/row.ts';
import type { Store } from './store.ts';

/** A row that was not deleted expires this long after it was due. */
const safetyDays = 14;

/** Waiting deliveries and wakes in DynamoDB, by shard and due time. */
export function createDueDeliveryRepository({ client, stage }: Store): DueDeliveryRepository {
  const TableName = tableName(stage, 'due-deliveries');
  const deleteAll = (keys: readonly DueKey[]) => deleteRows({ client }, TableName, keys.map(toRowKey));
  return {
    insert: async (delivery) => {
      await client.send(new PutItemCommand({ TableName, Item: toItem(toDueRow(delivery)) }));
    },
    insertWake: async (wake) => {
      await client.send(new PutItemCommand({ TableName, Item: toItem(toDueWakeRow(wake)) }));
    },
    listDue: async (shard, before, limit, after) => {
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#shard = :shard AND due < :before',
          ExpressionAttributeNames: { '#shard': 'shard' },
          ExpressionAttributeValues: toItem({ ':shard': shardKey(shard), ':before': before.toISOString() }),
          Limit: limit,
          ...(after !== undefined && { ExclusiveStartKey: toItem({ shard: shardKey(shard), due: after }) }),
        }),
      );
      const next = LastEvaluatedKey?.due?.S;
      return { ...sortOut(shard, Items ?? []), ...(next !== undefined && { next }) };
    },
    delete: (deliveries) => deleteAll(deliveries.map(dueKey)),
    deleteWakes: (wakes) => deleteAll(wakes.map(dueWakeKey)),
    deleteUnreadable: (rows) => deleteAll(rows.map(({ shard, key }) => ({ shard: shardKey(shard), due: key }))),
  };
}

type Item = Record<string, AttributeValue>;

const dueKey = (delivery: Delivery): DueKey => ({
  shard: shardKey(shardOf(deliveryIdOf(delivery), dueShards)),
  due: `${dueTimeOf(delivery).toISOString()}#${deliveryIdOf(delivery)}#${delivery.attemptNumber}`,
});

const toRowKey = ({ shard, due }: DueKey): Row => ({ shard, due });

const toDueRow = (delivery: Delivery): Row => ({
  ...dueKey(delivery),
  ...toDeliveryAttributes(delivery),
  expiresAt: toEpochSeconds(daysAfter(dueTimeOf(delivery), safetyDays)),
});

/** Separates deliveries and wakes from rows that cannot be read, so that one such row does not stop the others. */
function sortOut(shard: number, items: readonly Item[]): DueDeliveries {
  const deliveries: Delivery[] = [];
  const wakes: Wake[] = [];
  const unreadable: UnreadableDueRow[] = [];
  for (const item of items) {
    try {
      const row = toRow(item);
      if (isDueWake(row)) wakes.push(readDueWake(row));
      else deliveries.push(readDueRow(row));
    } catch (error) {
      const reason = error instanceof ForeignRow ? error.message : 'row cannot be decoded';
      unreadable.push({ shard, key: item.due?.S ?? '', text: JSON.stringify(item), reason });
    }
  }
  return { deliveries, wakes, unreadable };
}

function readDueRow(row: Row): Delivery {
  const delivery = readDelivery(row);
  const { shard, due } = dueKey(delivery);
  // If its key does not match its delivery, it could not be deleted and would be released every minute.
  if (row.shard !== shard || row.due !== due) throw new ForeignRow('due');
  return delivery;
}
