import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import {
  type AttemptRetention,
  type DeliveryKey,
  type DeliveryRepository,
  defaultAttemptRetention,
  maxCountedDeliveries,
  type StoredDelivery,
} from '@posthorn/core';
import { countDeliveries } from './deliveries/count-deliveries.ts';
import { deliveryKey, endedPartitions, readStoredDelivery, toDeliveryRow } from './deliveries/delivery-row.ts';
import { findParked } from './deliveries/find-parked.ts';
import { listDeliveries } from './deliveries/list-deliveries.ts';
import { mayStore } from './deliveries/may-store.ts';
import { isSameDelivery } from './deliveries/same-delivery.ts';
import { createPlaceholders } from './rows/placeholders.ts';
import { type Row, toItem } from './rows/row.ts';
import { getRow, getRows, tryConditionalWrite } from './rows/row-access.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';

/** The table of deliveries whose first attempt did not succeed, or that wait. */
export interface DeliveryStore extends Store {
  /** Deliveries that have ended are kept as long as failed attempts. */
  readonly retention?: AttemptRetention;
  /** At most this many deliveries of each state are counted. Default: 10,000. */
  readonly maxCounted?: number;
}

/** Stored deliveries in DynamoDB. Workers use it for each failed attempt, so it does not use Dynamoose. */
export function createDeliveryRepository({
  client,
  stage,
  retention = defaultAttemptRetention,
  maxCounted = maxCountedDeliveries,
}: DeliveryStore): DeliveryRepository {
  const TableName = tableName(stage, 'deliveries');
  return {
    put: async (stored) => {
      const placeholders = createPlaceholders();
      const put = new PutItemCommand({
        TableName,
        Item: toItem(toDeliveryRow(stored, retention)),
        ConditionExpression: mayStore(stored)(placeholders),
        ...placeholders.given(),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const result = await tryConditionalWrite(client.send(put));
      if (!result.refused) return 'stored';
      return isSameDelivery(readStoredDelivery(result.by), stored) ? 'same' : 'superseded';
    },
    moveOn: async (previous, next) => {
      const rows = { previous: toDeliveryRow(previous, retention), next: toDeliveryRow(next, retention) };
      if (previous.place) return leaveLine({ client, tableName: TableName }, { previous, next }, rows);
      const put = new PutItemCommand({ TableName, Item: toItem(rows.next), ...isStill(rows.previous) });
      return (await tryConditionalWrite(client.send(put))).refused ? 'changed' : 'stored';
    },
    delete: async (key) => {
      await client.send(new DeleteItemCommand({ TableName, Key: toItem(deliveryKey(key)) }));
    },
    deleteEnded: async (delivery) => {
      const [failed, canceled] = endedPartitions(delivery);
      const command = new DeleteItemCommand({
        TableName,
        Key: toItem(deliveryKey(delivery)),
        ConditionExpression: '#state IN (:failed, :canceled)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: toItem({ ':failed': failed, ':canceled': canceled }),
      });
      await tryConditionalWrite(client.send(command));
    },
    find: async (key) => findDelivery({ client, tableName: TableName }, key),
    findAll: async (deliveries, { mayBeStale } = { mayBeStale: false }) => {
      const keys = deliveries.map(deliveryKey);
      return (await getRows({ client }, { tableName: TableName, keys, mayBeStale })).map(readStoredDelivery);
    },
    findParked: (delivery) => findParked({ client, tableName: TableName }, delivery),
    list: (endpointId, query, now) => listDeliveries({ client, tableName: TableName }, endpointId, { query, now }),
    count: (endpointId, now) => countDeliveries({ client, tableName: TableName, maxCounted }, endpointId, now),
  };
}

interface DeliveriesTable extends Pick<Store, 'client'> {
  readonly tableName: string;
}

interface Move<Of> {
  readonly previous: Of;
  readonly next: Of;
}

/** The condition that a row says what was read. */
const isStill = ({ state, since }: Row) => ({
  ConditionExpression: '#state = :state AND #since = :since',
  ExpressionAttributeNames: { '#state': 'state', '#since': 'since' },
  ExpressionAttributeValues: toItem({ ':state': state, ':since': since }),
});

/** Moves a delivery from its group's line to the row of its message. */
async function leaveLine(
  { client, tableName: TableName }: DeliveriesTable,
  { previous, next }: Move<StoredDelivery>,
  rows: Move<Row>,
): Promise<'stored' | 'changed'> {
  const { messageId, endpointId } = previous.delivery;
  const key = deliveryKey({ messageId, endpointId, ...(previous.place && { place: previous.place }) });
  const leave = { TableName, Key: toItem(key), ...isStill(rows.previous) };
  const placeholders = createPlaceholders();
  const ConditionExpression = mayStore(next)(placeholders);
  const put = { TableName, Item: toItem(rows.next), ConditionExpression, ...placeholders.given() };
  const unmet = await transact({ client }, [{ Delete: leave }, { Put: put }]);
  if (unmet.length === 0) return 'stored';
  if (unmet.includes(0)) return 'changed';
  return (await tryConditionalWrite(client.send(new DeleteItemCommand(leave)))).refused ? 'changed' : 'stored';
}

async function findDelivery(table: DeliveriesTable, key: DeliveryKey): Promise<StoredDelivery | undefined> {
  const row = await getRow(table, { tableName: table.tableName, key: deliveryKey(key) });
  return row && readStoredDelivery(row);
}
