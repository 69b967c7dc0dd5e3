import { repeat, timesPerSecond } from '../repeat.ts';
import { createLeanClient, type LeanClient } from './lean-client.ts';

const inFlight = 20;
const warmUp = 1_500;
const puts = 6_000;
const gets = 6_000;
const queries = 1_500;
const pageSize = 50;
const partitions = 100;

/** Operations per second of a store, called by one process over 20 connections. */
export interface StoreFigures {
  readonly putsPerSecond: number;
  readonly getsPerSecond: number;
  readonly queriesPerSecond: number;
  readonly recordsPerSecond: number;
}

/** The table has items of 1 KB, a stream, and one index with a few of the attributes. */
export async function measureStore(endpoint: string): Promise<StoreFigures> {
  const client = createLeanClient(endpoint, inFlight);
  const table = `bench-${process.pid}-${Math.round(performance.now())}`;
  try {
    const { TableDescription } = await client.call('CreateTable', layoutOf(table));
    const { LatestStreamArn } = TableDescription as { readonly LatestStreamArn: string };
    await repeat(warmUp, inFlight, (number) => put(client, table, puts + number));
    const putsPerSecond = await timesPerSecond(puts, inFlight, (number) => put(client, table, number));
    const getsPerSecond = await timesPerSecond(gets, inFlight, (number) => get(client, table, number % puts));
    const queriesPerSecond = await timesPerSecond(queries, inFlight, (number) => query(client, table, number));
    const recordsPerSecond = await readStream(client, LatestStreamArn);
    return { putsPerSecond, getsPerSecond, queriesPerSecond, recordsPerSecond };
  } finally {
    client.stop();
  }
}

const layoutOf = (TableName: string) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['partition', 'row', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: keySchema('partition', 'row'),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byKind',
      KeySchema: keySchema('kind', 'row'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
});

const keySchema = (partitionKey: string, sortKey: string) => [
  { AttributeName: partitionKey, KeyType: 'HASH' },
  { AttributeName: sortKey, KeyType: 'RANGE' },
];

const keyOf = (number: number) => ({
  partition: { S: `partition-${number % partitions}` },
  row: { S: String(number).padStart(9, '0') },
});

const put = (client: LeanClient, TableName: string, number: number) =>
  client.call('PutItem', {
    TableName,
    Item: {
      ...keyOf(number),
      kind: { S: `kind-${number % 50}` },
      note: { S: 'short' },
      text: { S: 'x'.repeat(900) },
    },
    ConditionExpression: 'attribute_not_exists(#row)',
    ExpressionAttributeNames: { '#row': 'row' },
  });

const get = (client: LeanClient, TableName: string, number: number) =>
  client.call('GetItem', { TableName, Key: keyOf(number), ConsistentRead: true });

async function query(client: LeanClient, TableName: string, number: number): Promise<void> {
  const { Count } = await client.call('Query', {
    TableName,
    Limit: pageSize,
    KeyConditionExpression: '#partition = :partition',
    ExpressionAttributeNames: { '#partition': 'partition' },
    ExpressionAttributeValues: { ':partition': keyOf(number).partition },
  });
  if (Count !== pageSize) throw new Error(`a page of ${Count} items instead of ${pageSize}`);
}

/** Reads a stream from its beginning, shard by shard, a thousand records at a time, as a trigger does. */
async function readStream(client: LeanClient, StreamArn: string): Promise<number> {
  const startedAt = performance.now();
  const { StreamDescription } = await client.call('DescribeStream', { StreamArn });
  const { Shards } = StreamDescription as { readonly Shards: readonly { readonly ShardId: string }[] };
  let records = 0;
  for (const { ShardId } of Shards) {
    const place = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = await client.call('GetShardIterator', place);
    while (ShardIterator !== undefined) {
      const { Records, NextShardIterator } = await client.call('GetRecords', { ShardIterator, Limit: 1_000 });
      const { length } = Records as readonly unknown[];
      records += length;
      ShardIterator = length > 0 ? NextShardIterator : undefined;
    }
  }
  if (records !== warmUp + puts) throw new Error(`${records} stream records of ${warmUp + puts} writes`);
  return (records / (performance.now() - startedAt)) * 1_000;
}
