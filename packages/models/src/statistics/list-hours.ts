import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { CountedEndpoint, HourCounts, HourWindow, StatisticsRepository } from '@posthorn/core';
import { numberOf, type Row, textOf, toItem, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import {
  endpointOfHourKey,
  hourKey,
  hourLength,
  hourOf,
  hourOfKey,
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
export const listHours = async (
  table: StatisticsTable,
  endpoint: CountedEndpoint,
  window: HourWindow,
): Promise<readonly HourCounts[]> =>
  (await readHours(table, endpoint, { window, maxQueries: Number.POSITIVE_INFINITY })).hours;

/** A query reads up to 1 MB: 128 units. */
const maxQueries = 4;

/** Reads the hours of an endpoint with few queries. */
export const listFirstHours = (
  table: StatisticsTable,
  endpoint: CountedEndpoint,
  window: HourWindow,
): ReturnType<StatisticsRepository['listFirstHours']> => readHours(table, endpoint, { window, maxQueries });

async function readHours(
  table: StatisticsTable,
  endpoint: CountedEndpoint,
  { window: { since, until }, maxQueries: most }: { readonly window: HourWindow; readonly maxQueries: number },
): ReturnType<StatisticsRepository['listFirstHours']> {
  const [from, to] = [hourOf(since), hourOf(until)];
  if (from > to) return { hours: [] };
  const [first, last] = [hourKey(endpoint, from), hourKey(endpoint, to)];
  const [own, earlier] = await Promise.all([
    queryRows(table, { partition: first.endpointId, from: first.hour, to: last.hour }, most),
    queryRows(table, { partition: endpoint.endpointId, from: `${from}#`, to: `${to}#~` }, most),
  ]);
  const hours = mergeByHour([...earlier.rows.map(readEarlierHour), ...own.rows.map(readHour)]);
  const ends = [
    ...(own.reached === undefined ? [] : [hourOfKey(own.reached)]),
    ...(earlier.reached === undefined ? [] : [earlierHourOf(earlier.reached)]),
  ];
  const [next] = ends.toSorted((one, other) => one.getTime() - other.getTime());
  // Each of the two may have more rows of the hour in which it ended.
  return next ? { hours: hours.filter(({ hour }) => hour < next), next } : { hours };
}

const earlierHourOf = (key: string): Date => startOfHour(key.slice(0, hourLength));

/** A row of an earlier version: one source of an endpoint and hour, without event types. */
const readEarlierHour = (row: Row): HourCounts => ({
  hour: earlierHourOf(textOf(row, 'hour')),
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

/** `reached` is the last key that was read. Absent if all rows were. */
async function queryRows(
  table: StatisticsTable,
  range: Range,
  most: number,
): Promise<{ readonly rows: readonly Row[]; readonly reached: string | undefined }> {
  const rows: Row[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  let queries = 0;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(toQuery(table, range, start));
    rows.push(...Items.map(toRow));
    start = LastEvaluatedKey;
    queries += 1;
  } while (start && queries < most);
  return { rows, reached: start === undefined ? undefined : textOf(toRow(start), 'hour') };
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
