import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type DeliveryCounts, type DeliveryState, deliveryShards, openStates, wasTried } from '@posthorn/core';
import type { PartitionQuery } from '../paging/query-slice.ts';
import { expiryAttribute, nowInSeconds } from '../rows/expiry.ts';
import { flagOf, ifPresent, numberOf, type Row, toItem, toRow } from '../rows/row.ts';
import { statePartitions } from './delivery-row.ts';

type Table = Pick<PartitionQuery, 'client' | 'tableName'> & { readonly maxCounted: number };

/** Counts the stored deliveries of an endpoint by the index, at most `maxCounted` of each state. */
export async function countDeliveries(table: Table, endpointId: string, now: Date): Promise<DeliveryCounts> {
  const [canceled, ...open] = await Promise.all(
    (['canceled', ...openStates] as const).map((state) => countState(table, { endpointId, state, now })),
  );
  const sum = (count: (counts: StateCounts) => number) => open.reduce((total, counts) => total + count(counts), 0);
  return {
    pending: sum(({ untried }) => untried),
    sending: sum(({ tried }) => tried),
    canceled: canceled?.untried ?? 0,
    isComplete: [canceled, ...open].every((counts) => counts?.isComplete),
  };
}

interface StateCounts {
  readonly untried: number;
  readonly tried: number;
  readonly isComplete: boolean;
}

async function countState(
  table: Table,
  { endpointId, state, now }: { readonly endpointId: string; readonly state: DeliveryState; readonly now: Date },
): Promise<StateCounts> {
  const shards = await Promise.all(
    statePartitions(endpointId, state).map((partition) => countPartition(table, partition, now)),
  );
  return {
    untried: shards.reduce((sum, { untried }) => sum + untried, 0),
    tried: shards.reduce((sum, { tried }) => sum + tried, 0),
    isComplete: shards.every(({ isComplete }) => isComplete),
  };
}

async function countPartition(
  { client, tableName, maxCounted }: Table,
  partition: string,
  now: Date,
): Promise<StateCounts> {
  let rowsLeft = Math.ceil(maxCounted / deliveryShards);
  let untried = 0;
  let tried = 0;
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items, ScannedCount, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: 'byState',
        KeyConditionExpression: '#state = :state',
        FilterExpression: 'attribute_not_exists(#expiry) OR #expiry > :now',
        ProjectionExpression: '#number, #untried',
        ExpressionAttributeNames: {
          '#state': 'state',
          '#number': 'number',
          '#untried': 'untried',
          '#expiry': expiryAttribute,
        },
        ExpressionAttributeValues: toItem({ ':state': partition, ':now': nowInSeconds(now) }),
        Limit: rowsLeft,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of Items ?? []) {
      if (wasTriedOf(toRow(item))) tried += 1;
      else untried += 1;
    }
    rowsLeft -= ScannedCount ?? 0;
    start = LastEvaluatedKey;
  } while (start && rowsLeft > 0);
  return { untried, tried, isComplete: start === undefined };
}

const wasTriedOf = (row: Row): boolean =>
  wasTried({
    attemptNumber: numberOf(row, 'number'),
    ...(ifPresent(row, 'untried', flagOf) === true && { isUntried: true }),
  });
