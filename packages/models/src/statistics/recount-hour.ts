import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type CountedEndpoint, lowestIdAt } from '@posthorn/core';
import { attemptPartitions, attemptStatusOf } from '../attempts/attempt-row.ts';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import { instantOf, numberOf, type Row, textOf, toItem, toRow } from '../rows/row.ts';
import { getRow, tryConditionalWrite } from '../rows/row-access.ts';
import type { Store } from '../store.ts';
import { countAttribute, hourKey, hourOf } from './hour-row.ts';

const hourMs = 3_600_000;
/** Of a row that is made here: others keep their time. */
const keptDays = 90;

/**
 * When an hour can be recounted: the stream gives a record up when it is six hours old, so after that nothing counts in it
 * any more. The hour in between is for clocks that differ.
 */
export const recountableFrom = (hour: Date): Date => new Date(hour.getTime() + 8 * hourMs);

/** Attempts whose stream records were not counted, by what their hour is found by. */
export interface UncountedHour extends CountedEndpoint {
  /** The start of the hour in which they were made. */
  readonly hour: Date;
  /** The earliest time in one of their ids. */
  readonly plannedAt: Date;
}

/** `kept`: the attempts of the hour have begun to expire, or an earlier version has counted some of them. */
export type RecountResult = 'recounted' | 'changed' | 'kept';

/**
 * Counts the attempts of an hour from their own table, and writes the counts that differ, each on condition that it is
 * still what it was. So it may be repeated. It never lowers a count.
 */
export const createRecountHour =
  ({ client, stage }: Store) =>
  async ({ hour, plannedAt, ...endpoint }: UncountedHour): Promise<RecountResult> => {
    const statistics = { client, TableName: tableName(stage, 'statistics') };
    if (await hasEarlierRow(statistics, endpoint, hour)) return 'kept';
    const key = hourKey(endpoint, hourOf(hour));
    const row = (await getRow({ client }, { tableName: statistics.TableName, key })) ?? {};
    const known = typeof row.planned === 'string' ? new Date(row.planned) : plannedAt;
    const from = known < plannedAt ? known : plannedAt;
    const counts = await countFrom({ client, TableName: tableName(stage, 'attempts') }, { ...endpoint, hour, from });
    const counted = (attribute: string): number => (row[attribute] === undefined ? 0 : numberOf(row, attribute));
    const isComplete = Object.keys(row)
      .filter((attribute) => /^[+-]/.test(attribute))
      .every((attribute) => (counts.get(attribute) ?? 0) >= counted(attribute));
    if (!isComplete) return 'kept';
    const expiresAt = toEpochSeconds(daysAfter(hour, keptDays));
    for (const [attribute, count] of counts) {
      if (count === counted(attribute)) continue;
      const isAsBefore = row[attribute] === undefined ? 'attribute_not_exists(#count)' : '#count = :before';
      const command = new UpdateItemCommand({
        TableName: statistics.TableName,
        Key: toItem(key),
        UpdateExpression:
          'SET #count = :count, #planned = :planned, #expiresAt = if_not_exists(#expiresAt, :expiresAt)',
        ConditionExpression: isAsBefore,
        ExpressionAttributeNames: { '#count': attribute, '#planned': 'planned', '#expiresAt': 'expiresAt' },
        ExpressionAttributeValues: toItem({
          ':count': count,
          ':planned': from.toISOString(),
          ':expiresAt': expiresAt,
          ...(row[attribute] !== undefined && { ':before': counted(attribute) }),
        }),
      });
      if ((await tryConditionalWrite(client.send(command))).refused) return 'changed';
    }
    return 'recounted';
  };

interface Table extends Pick<Store, 'client'> {
  readonly TableName: string;
}

/** Rows of an earlier version count without event types, so they cannot be told from what is missing. */
async function hasEarlierRow({ client, TableName }: Table, { endpointId }: CountedEndpoint, hour: Date) {
  const query = new QueryCommand({
    TableName,
    KeyConditionExpression: 'endpointId = :endpointId AND begins_with(#hour, :hour)',
    ExpressionAttributeNames: { '#hour': 'hour' },
    ExpressionAttributeValues: toItem({ ':endpointId': endpointId, ':hour': `${hourOf(hour)}#` }),
    Limit: 1,
  });
  return ((await client.send(query)).Items ?? []).length > 0;
}

async function countFrom(
  { client, TableName }: Table,
  { hour, from, ...endpoint }: CountedEndpoint & { readonly hour: Date; readonly from: Date },
): Promise<ReadonlyMap<string, number>> {
  const until = new Date(hour.getTime() + hourMs);
  const counts = new Map<string, number>();
  const add = (row: Row): void => {
    const attemptedAt = instantOf(row, 'at');
    if (attemptedAt < hour || attemptedAt >= until || textOf(row, 'app') !== endpoint.applicationId) return;
    const succeeded = attemptStatusOf(row) === 'succeeded';
    const attribute = countAttribute({ succeeded, eventType: textOf(row, 'type') });
    counts.set(attribute, (counts.get(attribute) ?? 0) + 1);
  };
  for (const partition of attemptPartitions(endpoint.endpointId)) {
    let start: Record<string, never> | undefined;
    do {
      const query = new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: '#partition = :partition AND attemptId BETWEEN :from AND :to',
        ProjectionExpression: '#at, #type, #status, #app',
        ExpressionAttributeNames: {
          '#partition': 'partition',
          '#at': 'at',
          '#type': 'type',
          '#status': 'status',
          '#app': 'app',
        },
        ExpressionAttributeValues: toItem({
          ':partition': partition,
          ':from': lowestIdAt('attempt', from),
          // Clocks differ: an attempt may be a little earlier than its plan.
          ':to': lowestIdAt('attempt', new Date(until.getTime() + hourMs)),
        }),
        ...(start && { ExclusiveStartKey: start }),
      });
      const { Items = [], LastEvaluatedKey } = await client.send(query);
      for (const item of Items) add(toRow(item));
      start = LastEvaluatedKey as Record<string, never> | undefined;
    } while (start);
  }
  return counts;
}
