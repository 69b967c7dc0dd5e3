import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type Delivery, type Endpoint, lowestIdAt } from '@posthorn/core';
import { attemptPartitions, endpointOfPartition } from './attempts/attempt-row.ts';
import { instantOf, numberOf, type Row, textOf, toItem, toRow } from './rows/row.ts';
import type { Store } from './store.ts';

/** A retry waits for up to twelve hours. Its attempt may have been made later than it was planned. */
const lookBackMs = 24 * 3_600_000;
const defaultMaxRowsRead = 32_000;

/** A failed attempt that is to be followed by another one. */
export interface WaitingRetry {
  /** At its next attempt. */
  readonly delivery: Delivery;
  readonly failedAt: Date;
}

export interface WaitingRetries {
  readonly retries: readonly WaitingRetry[];
  /** False if the endpoint has more attempts than were read. */
  readonly isComplete: boolean;
}

export type ListWaitingRetries = (endpoint: Pick<Endpoint, 'endpointId'>, now: Date) => Promise<WaitingRetries>;

/**
 * Lists an endpoint's retries that are planned for later than now, from its attempts: they say when the next one is
 * planned. At most `maxRowsRead` attempts are read.
 */
export const createListWaitingRetries =
  ({
    client,
    stage,
    maxRowsRead = defaultMaxRowsRead,
  }: Store & { readonly maxRowsRead?: number }): ListWaitingRetries =>
  async ({ endpointId }, now) => {
    const partitions = attemptPartitions(endpointId);
    const maxRowsOfPartition = Math.ceil(maxRowsRead / partitions.length);
    const lists = await Promise.all(partitions.map((partition) => listPartition(partition)));
    return {
      retries: lists.flatMap(({ retries }) => retries),
      isComplete: lists.every(({ isComplete }) => isComplete),
    };

    async function listPartition(partition: string): Promise<WaitingRetries> {
      const retries: WaitingRetry[] = [];
      let rowsLeft = maxRowsOfPartition;
      let start: QueryCommandInput['ExclusiveStartKey'];
      do {
        const { Items, ScannedCount, LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName(stage, 'attempts'),
            ConsistentRead: true,
            // The newest first: most of them wait.
            ScanIndexForward: false,
            KeyConditionExpression: '#partition = :partition AND attemptId >= :from',
            FilterExpression: '#next > :now',
            ProjectionExpression: '#partition, org, app, messageId, #number, #next, #at',
            ExpressionAttributeNames: { '#partition': 'partition', '#next': 'next', '#number': 'number', '#at': 'at' },
            ExpressionAttributeValues: toItem({
              ':partition': partition,
              ':from': lowestIdAt('attempt', new Date(now.getTime() - lookBackMs)),
              ':now': now.toISOString(),
            }),
            Limit: rowsLeft,
            ExclusiveStartKey: start,
          }),
        );
        retries.push(...(Items ?? []).map(toRow).map(readRetry));
        rowsLeft -= ScannedCount ?? 0;
        start = LastEvaluatedKey;
      } while (start && rowsLeft > 0);
      return { retries, isComplete: start === undefined };
    }
  };

const readRetry = (row: Row): WaitingRetry => ({
  failedAt: instantOf(row, 'at'),
  delivery: {
    organisationId: textOf(row, 'org'),
    applicationId: textOf(row, 'app'),
    messageId: textOf(row, 'messageId'),
    endpointId: endpointOfPartition(textOf(row, 'partition')),
    attemptNumber: numberOf(row, 'number') + 1,
    scheduledAt: instantOf(row, 'next'),
    trigger: 'scheduled',
  },
});
