import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type Attempt, type AttemptRepository, isId } from '@posthorn/core';
import { type AttemptRetention, attemptKey, readAttempt, toAttemptRow } from './attempts/attempt-row.ts';
import { type AttemptsTable, listByEndpoint, listByMessage } from './attempts/list-attempts.ts';
import { defaultMaxRowsRead } from './paging/read-page.ts';
import { toItem, toRow } from './rows/row.ts';
import { getRow, unlessRefused } from './rows/row-access.ts';
import type { Store } from './store.ts';

export type { AttemptRetention } from './attempts/attempt-row.ts';

/** Where attempts are kept, and for how long. */
export interface AttemptStore extends Store {
  /** 30 days for successes and 90 for failures unless said otherwise. */
  readonly retention?: AttemptRetention;
  /** After how many rows a page ends early; 2,000 unless said otherwise. */
  readonly maxRowsRead?: number;
}

const defaultRetention: AttemptRetention = { successDays: 30, failureDays: 90 };

/** Attempts in DynamoDB. */
export function createAttemptRepository({
  client,
  stage,
  retention = defaultRetention,
  maxRowsRead = defaultMaxRowsRead,
}: AttemptStore): AttemptRepository {
  const table: AttemptsTable = { client, tableName: tableName(stage, 'attempts'), maxRowsRead };
  return {
    record: (attempt) => recordAttempt(table, attempt, retention),
    find: (endpointId, attemptId) => findAttempt(table, { endpointId, attemptId }),
    findOfMessage: async (messageId, attemptId) => {
      if (!isId('attempt', attemptId) || !isId('message', messageId)) return undefined;
      const indexed = await findIndexed(table, messageId, attemptId);
      return indexed && findAttempt(table, indexed);
    },
    listByEndpoint: (endpointId, query, now) => listByEndpoint(table, endpointId, { query, now }),
    listByMessage: (messageId, query, now) => listByMessage(table, messageId, { query, now }),
  };
}

async function recordAttempt(
  { client, tableName: TableName }: AttemptsTable,
  attempt: Attempt,
  retention: AttemptRetention,
): Promise<'recorded' | 'exists'> {
  const put = new PutItemCommand({
    TableName,
    Item: toItem(toAttemptRow(attempt, retention)),
    ConditionExpression: 'attribute_not_exists(attemptId)',
  });
  const { refused } = await unlessRefused(client.send(put));
  return refused ? 'exists' : 'recorded';
}

async function findAttempt(
  table: AttemptsTable,
  ids: Pick<Attempt, 'endpointId' | 'attemptId'>,
): Promise<Attempt | undefined> {
  const row = await getRow(table, { tableName: table.tableName, key: attemptKey(ids) });
  return row && readAttempt(row);
}

async function findIndexed(
  { client, tableName: TableName }: AttemptsTable,
  messageId: string,
  attemptId: string,
): Promise<Attempt | undefined> {
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byMessage',
      KeyConditionExpression: 'messageId = :messageId AND attemptId = :attemptId',
      ExpressionAttributeValues: toItem({ ':messageId': messageId, ':attemptId': attemptId }),
    }),
  );
  const [item] = Items ?? [];
  return item && readAttempt(toRow(item));
}
