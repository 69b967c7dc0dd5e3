import { BatchWriteItemCommand, PutItemCommand, QueryCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type Delivery, type DueDeliveryRepository, deliveryIdOf, dueShards, shardOf } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from './rows/expiry.ts';
import { retryDelay } from './rows/retry-delay.ts';
import { ifPresent, instantOf, numberOf, oneOf, type Row, textOf, toItem, toRow, withoutAbsent } from './rows/row.ts';
import type { Store } from './store.ts';

/** Long after it was due, a row that nobody deleted is removed. */
const safetyDays = 14;
/** DynamoDB takes at most this many rows in one BatchWriteItem. */
const maxBatchRows = 25;
const maxDeleteTries = 8;

/** Waiting deliveries in DynamoDB, by shard and time. */
export function createDueDeliveryRepository({ client, stage }: Store): DueDeliveryRepository {
  const TableName = tableName(stage, 'due-deliveries');
  return {
    insert: async (delivery) => {
      await client.send(new PutItemCommand({ TableName, Item: toItem(toDueRow(delivery)) }));
    },
    listDue: async (shard, before, limit) => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#shard = :shard AND due < :before',
          ExpressionAttributeNames: { '#shard': 'shard' },
          ExpressionAttributeValues: toItem({ ':shard': shardKey(shard), ':before': before.toISOString() }),
          Limit: limit,
        }),
      );
      return (Items ?? []).map((item) => readDueRow(toRow(item)));
    },
    delete: async (deliveries) => {
      const requests = [...new Map(deliveries.map((delivery) => [sortKey(delivery), toDeletion(delivery)])).values()];
      for (let start = 0; start < requests.length; start += maxBatchRows) {
        await writeAll({ client, TableName }, requests.slice(start, start + maxBatchRows));
      }
    },
  };
}

async function writeAll(
  { client, TableName }: { readonly client: Store['client']; readonly TableName: string },
  requests: readonly WriteRequest[],
): Promise<void> {
  let rest = [...requests];
  for (let tries = 0; rest.length > 0; tries += 1) {
    if (tries === maxDeleteTries) throw new Error(`${rest.length} rows of ${TableName} could not be deleted`);
    if (tries > 0) await retryDelay(tries);
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: rest } }));
    rest = UnprocessedItems?.[TableName] ?? [];
  }
}

const shardKey = (shard: number): string => `due#${shard}`;

const sortKey = (delivery: Delivery): string =>
  `${delivery.scheduledAt.toISOString()}#${deliveryIdOf(delivery)}#${delivery.attemptNumber}`;

const dueKey = (delivery: Delivery) => ({
  shard: shardKey(shardOf(deliveryIdOf(delivery), dueShards)),
  due: sortKey(delivery),
});

const toDeletion = (delivery: Delivery): WriteRequest => ({ DeleteRequest: { Key: toItem(dueKey(delivery)) } });

const toDueRow = (delivery: Delivery): Row => ({
  ...dueKey(delivery),
  org: delivery.organisationId,
  app: delivery.applicationId,
  messageId: delivery.messageId,
  endpointId: delivery.endpointId,
  number: delivery.attemptNumber,
  at: delivery.scheduledAt.toISOString(),
  trigger: delivery.trigger,
  attemptId: delivery.attemptId,
  expiresAt: toEpochSeconds(daysAfter(delivery.scheduledAt, safetyDays)),
});

const readDueRow = (row: Row): Delivery => ({
  organisationId: textOf(row, 'org'),
  applicationId: textOf(row, 'app'),
  messageId: textOf(row, 'messageId'),
  endpointId: textOf(row, 'endpointId'),
  attemptNumber: numberOf(row, 'number'),
  scheduledAt: instantOf(row, 'at'),
  trigger: oneOf(row, 'trigger', ['scheduled', 'manual']),
  ...withoutAbsent({ attemptId: ifPresent(row, 'attemptId', textOf) }),
});
