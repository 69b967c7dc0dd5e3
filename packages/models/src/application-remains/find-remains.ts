import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { shardKey } from '../due-deliveries/due-wake-row.ts';
import { deletedEndpointKeys, idOfDeletedEndpoint } from '../endpoints/deleted-endpoint.ts';
import { rangeBehind } from '../paging/key-range.ts';
import { type Row, textOf, toItem, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';

/** An endpoint that was deleted, and the key of the row that is left of it. */
export interface DeletedEndpoint {
  readonly endpointId: string;
  readonly key: string;
}

/** The endpoints of an application that were deleted, from the first one behind a key. */
export async function listDeletedEndpoints(
  { client, stage }: Store,
  applicationId: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly DeletedEndpoint[]> {
  const { from, to } = after === undefined ? deletedEndpointKeys : rangeBehind(deletedEndpointKeys, after, true);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName(stage, 'endpoints'),
      ConsistentRead: true,
      KeyConditionExpression: 'applicationId = :applicationId AND endpointId BETWEEN :from AND :to',
      ExpressionAttributeValues: toItem({ ':applicationId': applicationId, ':from': from, ':to': to }),
      ProjectionExpression: 'endpointId',
      Limit: limit,
    }),
  );
  return Items.map((item) => textOf(toRow(item), 'endpointId')).map((key) => ({
    key,
    endpointId: idOfDeletedEndpoint(key),
  }));
}

/** Rows of all applications that are looked at with one query. */
const dueRowsAtATime = 1_000;

/**
 * The rows of an application in one part of a shard of due deliveries. They are sorted by time, so all rows are read. `next`
 * is where the next part begins.
 */
export async function findDueRows(
  { client, stage }: Store,
  applicationId: string,
  { shard, after }: { readonly shard: number; readonly after?: string | undefined },
): Promise<{ readonly keys: readonly Row[]; readonly next?: string }> {
  const key = shardKey(shard);
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName(stage, 'due-deliveries'),
      ConsistentRead: true,
      KeyConditionExpression: '#shard = :shard',
      FilterExpression: 'app = :app',
      ProjectionExpression: '#shard, due',
      ExpressionAttributeNames: { '#shard': 'shard' },
      ExpressionAttributeValues: toItem({ ':shard': key, ':app': applicationId }),
      Limit: dueRowsAtATime,
      ...(after !== undefined && { ExclusiveStartKey: toItem({ shard: key, due: after }) }),
    }),
  );
  const next = LastEvaluatedKey?.due?.S;
  return { keys: Items.map(toRow), ...(next !== undefined && { next }) };
}
