import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import {
  type Attempt,
  type AttemptRepository,
  type AttemptRetention,
  defaultAttemptRetention,
  isId,
} from '@posthorn/core';
import { attemptKey, readAttempt, toAttemptRow } from './attempts/attempt-row.ts';
import { type AttemptsTable, listByEndpoint, listByMessage } from './attempts/list-attempts.ts';
import { defaultMaxRowsRead } from './paging/read-page.ts';
import { toItem, toRow } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** The attempts table, and how long attempts are stored. */
export interface AttemptStore extends Store {
  /** Default: `defaultAttemptRetention`. */
  readonly retention?: AttemptRetention;
  /** A page ends early after it has read this many rows. Default: 2,000. */
  readonly maxRowsRead?: number;
}

/** Attempts in DynamoDB. */
export function createAttemptRepository({
  client,
  stage,
  retention = defaultAttemptRetention,
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
  const { refused } = await tryConditionalWrite(client.send(put));
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
