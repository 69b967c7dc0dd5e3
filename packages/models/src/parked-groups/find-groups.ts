import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { BlockedGroup, Delivery } from '@posthorn/core';
import { partitionOf } from '../deliveries/delivery-row.ts';
import { instantOf, toItem, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import { groupKey, readBlocked } from './group-row.ts';

/** Reads the index of blocked groups, oldest first. */
export async function listBlocked(
  { client, stage }: Store,
  endpointId: string,
  limit: number,
): Promise<readonly BlockedGroup[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName(stage, 'groups'),
      IndexName: 'byBlocked',
      KeyConditionExpression: 'blocked = :endpointId',
      ExpressionAttributeValues: toItem({ ':endpointId': endpointId }),
      Limit: limit,
    }),
  );
  return Items.map((item) => readBlocked(toRow(item)));
}

/**
 * Looks through the groups of an endpoint for the earliest retry. Groups that wait are in no index by time, because each
 * wait would pay for it. A query reads 1 MB, which is about 2,500 groups.
 */
export async function findNextRetry(
  { client, stage }: Store,
  endpointId: string,
  { after, maxGroups }: { readonly after?: string; readonly maxGroups: number },
): Promise<Date | undefined> {
  let groupsLeft = maxGroups;
  let earliest: Date | undefined;
  let start: QueryCommandInput['ExclusiveStartKey'] =
    after === undefined ? undefined : toItem(groupKey({ endpointId, group: after }));
  do {
    const { Items, ScannedCount, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName(stage, 'groups'),
        KeyConditionExpression: 'endpointId = :endpointId',
        FilterExpression: '#reason IN (:retry, :failing) AND attribute_exists(notBefore)',
        ProjectionExpression: 'notBefore',
        ExpressionAttributeNames: { '#reason': 'reason' },
        ExpressionAttributeValues: toItem({
          ':endpointId': endpointId,
          ':retry': 'retry',
          ':failing': 'endpoint-failing',
        }),
        Limit: groupsLeft,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of Items ?? []) {
      const at = instantOf(toRow(item), 'notBefore');
      if (!earliest || at < earliest) earliest = at;
    }
    groupsLeft -= ScannedCount ?? 0;
    start = LastEvaluatedKey;
  } while (start && groupsLeft > 0);
  return earliest;
}

/** A message has a copy in one place of one group, and rarely more: a queue delivers twice. */
const maxCopies = 10;

/** Finds the groups in which a message is parked, by the index of deliveries by state. */
export async function listGroupsOf(
  { client, stage }: Store,
  delivery: Pick<Delivery, 'endpointId' | 'messageId'>,
): Promise<readonly string[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName(stage, 'deliveries'),
      IndexName: 'byState',
      KeyConditionExpression: '#state = :state AND messageId = :messageId',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: toItem({
        ':state': partitionOf(delivery, 'parked'),
        ':messageId': delivery.messageId,
      }),
      Limit: maxCopies,
    }),
  );
  // A row that cannot be read has another place than its group's line, or none.
  return [...new Set(Items.flatMap(({ group }) => (group?.S === undefined ? [] : [group.S])))];
}
