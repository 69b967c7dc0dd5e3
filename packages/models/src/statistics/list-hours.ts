import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { CountedEndpoint, HourCounts, HourWindow } from '@posthorn/core';
import { numberOf, type Row, textOf, toItem, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import {
  endpointOfHourKey,
  hourKey,
  hourLength,
  hourOf,
  readHour,
  shardOfEndpoint,
  shardPartition,
  startOfHour,
  statisticsShards,
} from './hour-row.ts';

interface StatisticsTable extends Pick<Store, 'client'> {
  readonly TableName: string;
}

/** Reads the hours of an endpoint, together with the rows that earlier versions wrote. */
export async function listHours(
  table: StatisticsTable,
  endpoint: CountedEndpoint,
  { since, until }: HourWindow,
): Promise<readonly HourCounts[]> {
  const [from, to] = [hourOf(since), hourOf(until)];
  if (from > to) return [];
  const [first, last] = [hourKey(endpoint, from), hourKey(endpoint, to)];
  const [rows, earlier] = await Promise.all([
    queryAll(table, { partition: first.endpointId, from: first.hour, to: last.hour }),
    queryAll(table, { partition: endpoint.endpointId, from: `${from}#`, to: `${to}#~` }),
  ]);
  return mergeByHour([...earlier.map(readEarlierHour), ...rows.map(readHour)]);
}

/** A row of an earlier version: one source of an endpoint and hour, without event types. */
const readEarlierHour = (row: Row): HourCounts => ({
  hour: startOfHour(textOf(row, 'hour').slice(0, hourLength)),
  success: numberOf(row, 'success'),
  fail: numberOf(row, 'fail'),
  byEventType: new Map(),
});

/** Only the hour of an upgrade, and hours before it, have more than one row. */
function mergeByHour(hours: readonly HourCounts[]): readonly HourCounts[] {
  const merged = new Map<number, HourCounts>();
  for (const counts of hours) {
    const before = merged.get(counts.hour.getTime());
    merged.set(counts.hour.getTime(), before ? { ...withoutPlanned(counts), ...sumOf(before, counts) } : counts);
  }
  return [...merged.values()].toSorted((one, other) => one.hour.getTime() - other.hour.getTime());
}

const sumOf = (one: HourCounts, other: HourCounts) => ({
  success: one.success + other.success,
  fail: one.fail + other.fail,
});

/** The earliest planned time is unknown if an earlier version has counted some of the attempts. */
const withoutPlanned = ({ earliestPlanned: _, ...counts }: HourCounts): HourCounts => counts;

interface Range {
  readonly partition: string;
  readonly from: string;
  readonly to: string;
  readonly limit?: number;
}

async function queryAll(table: StatisticsTable, range: Range): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(toQuery(table, range, start));
    rows.push(...Items.map(toRow));
    start = LastEvaluatedKey;
  } while (start);
  return rows;
}

const toQuery = (
  { TableName }: StatisticsTable,
  { partition, from, to, limit }: Range,
  ExclusiveStartKey?: QueryCommandInput['ExclusiveStartKey'],
): QueryCommand =>
  new QueryCommand({
    TableName,
    KeyConditionExpression: 'endpointId = :partition AND #hour BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#hour': 'hour' },
    ExpressionAttributeValues: toItem({ ':partition': partition, ':from': from, ':to': to }),
    ...(limit !== undefined && { Limit: limit }),
    ExclusiveStartKey,
  });

/** Sorts before all keys of rows: they begin with an endpoint's id. */
const firstKey = 'ep_';

/** Lists an application's endpoints by partition and id. Each one takes a query for one row. */
export async function listEndpoints(
  table: StatisticsTable,
  applicationId: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly string[]> {
  const found: string[] = [];
  let behind = after === undefined ? firstKey : `${after}#~`;
  for (let shard = after === undefined ? 0 : shardOfEndpoint(after); shard < statisticsShards; shard += 1) {
    const partition = shardPartition(applicationId, shard);
    while (found.length < limit) {
      const { Items: [item] = [] } = await table.client.send(
        toQuery(table, { partition, from: behind, to: '~', limit: 1 }),
      );
      if (item === undefined) break;
      const endpointId = endpointOfHourKey(textOf(toRow(item), 'hour'));
      found.push(endpointId);
      behind = `${endpointId}#~`;
    }
    behind = firstKey;
  }
  return found;
}
