import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { timeOfId } from '@posthorn/core';
import { deletedSince, idOfDeletedEndpoint } from '../endpoints/deleted-endpoint.ts';
import { type KeyRange, withPrefix } from '../paging/key-range.ts';
import { daysAfter } from '../rows/expiry.ts';
import { textOf, toItem, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';

/** The clocks of the functions differ by less than this. */
const clockSkewDays = 1;

/**
 * The ids of all endpoints that can have attempts of a message: those that the application has, and those that were
 * deleted after the message was accepted.
 */
export async function listAttemptedEndpoints(
  store: Store,
  { applicationId, messageId }: { readonly applicationId: string; readonly messageId: string },
): Promise<ReadonlySet<string>> {
  // In this order, so that an endpoint that is deleted in between is in one of the two lists.
  const present = await listKeys(store, applicationId, withPrefix('ep_'));
  const since = daysAfter(timeOfId(messageId), -clockSkewDays);
  const deleted = await listKeys(store, applicationId, deletedSince(since));
  return new Set([...present, ...deleted.map(idOfDeletedEndpoint)]);
}

async function listKeys(
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
