import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { DeliveryKey, StoredDelivery } from '@posthorn/core';
import type { PartitionQuery } from '../paging/query-slice.ts';
import { toItem, toRow } from '../rows/row.ts';
import { partitionOf, readStoredDelivery } from './delivery-row.ts';

/** Finds a parked delivery by the index: its own row is found by its group only. */
export async function findParked(
  { client, tableName: TableName }: Pick<PartitionQuery, 'client' | 'tableName'>,
  delivery: Pick<DeliveryKey, 'endpointId' | 'messageId'>,
): Promise<StoredDelivery | undefined> {
  const { Items: [item] = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byState',
      KeyConditionExpression: '#state = :state AND messageId = :messageId',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: toItem({
        ':state': partitionOf(delivery, 'parked'),
        ':messageId': delivery.messageId,
      }),
      Limit: 1,
    }),
  );
  return item && readStoredDelivery(toRow(item));
}
