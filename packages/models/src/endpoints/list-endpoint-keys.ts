import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { KeyRange } from '../paging/key-range.ts';
import { textOf, toItem, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import { deletedSince, idOfDeletedEndpoint } from './deleted-endpoint.ts';

/** The sort keys of an application's rows in the endpoints table, in a range. */
export async function listEndpointKeys(
  { client, stage }: Store,
  applicationId: string,
  { from, to }: KeyRange,
): Promise<readonly string[]> {
  const keys: string[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName(stage, 'endpoints'),
        ConsistentRead: true,
        KeyConditionExpression: 'applicationId = :applicationId AND endpointId BETWEEN :from AND :to',
        ExpressionAttributeValues: toItem({ ':applicationId': applicationId, ':from': from, ':to': to }),
        ProjectionExpression: 'endpointId',
        ExclusiveStartKey: start,
      }),
    );
    keys.push(...(Items ?? []).map((item) => textOf(toRow(item), 'endpointId')));
    start = LastEvaluatedKey;
  } while (start);
  return keys;
}

/** The ids of an application's endpoints that were deleted since a time, as long as there is a row of each. */
export const listDeletedEndpoints = async (
  store: Store,
  applicationId: string,
  since: Date,
): Promise<readonly string[]> =>
  (await listEndpointKeys(store, applicationId, deletedSince(since))).map(idOfDeletedEndpoint);
