import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import {
  type Attempt,
  type AttemptRepository,
  type AttemptRetention,
  defaultAttemptRetention,
  expungedResponse,
  firstAttemptIdOf,
  isId,
  timeOfId,
} from '@posthorn/core';
import { attemptKey, attributesWithoutResponse, readAttempt, toAttemptRow } from './attempts/attempt-row.ts';
import { listAttemptedEndpoints } from './attempts/attempted-endpoints.ts';
import { type AttemptsTable, listByEndpoint, listByMessage } from './attempts/list-attempts.ts';
import { defaultMaxRowsRead } from './paging/read-page.ts';
import { expiryOf } from './rows/expiry.ts';
import { type Row, toItem, toRow } from './rows/row.ts';
import { getRow, getRows, tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** The attempts table, and how long attempts are stored. */
export interface AttemptStore extends Store {
  /** Default: `defaultAttemptRetention`. */
  readonly retention?: AttemptRetention;
  /** A page ends early after it has read this many rows. Default: 2,000. */
  readonly maxRowsRead?: number;
  /** Shorter responses are stored as they are. Default: 1 byte. */
  readonly deflateFrom?: number;
}

/** Attempts in DynamoDB. */
export function createAttemptRepository({
  client,
  stage,
  retention = defaultAttemptRetention,
  maxRowsRead = defaultMaxRowsRead,
  deflateFrom,
}: AttemptStore): AttemptRepository {
  const table: AttemptsTable = { client, stage, tableName: tableName(stage, 'attempts'), maxRowsRead };
  return {
    record: (attempt) => recordAttempt(table, toAttemptRow(attempt, retention, deflateFrom)),
    find: (endpointId, attemptId) => findAttempt(table, { endpointId, attemptId }),
    findAll: (attempts, now) => findAll(table, attempts, now),
    findOfMessage: (ids) => findOfMessage(table, ids),
    listByEndpoint: (endpointId, query, now) => listByEndpoint(table, endpointId, { query, now }),
    listByMessage: (messageId, query, now) => listByMessage(table, messageId, { query, now }),
    expungeResponse: (ids) => expungeResponse(table, ids),
  };
}

async function recordAttempt(
  { client, tableName: TableName }: AttemptsTable,
  row: Row,
): Promise<'recorded' | 'exists'> {
  const put = new PutItemCommand({
    TableName,
    Item: toItem(row),
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

async function findAll(
  { client, tableName: name }: AttemptsTable,
  attempts: readonly Pick<Attempt, 'endpointId' | 'attemptId'>[],
  now: Date,
): Promise<readonly Attempt[]> {
  const keys = attempts.map(attemptKey);
  const attributes = attributesWithoutResponse;
  const rows = await getRows({ client }, { tableName: name, keys, attributes, mayBeStale: true });
  return rows.filter((row) => expiryOf(row) > now).map(readAttempt);
}

/** The response is in the row alone: the index does not have it. */
async function expungeResponse(
  { client, tableName: TableName }: AttemptsTable,
  ids: Pick<Attempt, 'endpointId' | 'attemptId'>,
): Promise<void> {
  const update = new UpdateItemCommand({
    TableName,
    Key: toItem(attemptKey(ids)),
    UpdateExpression: 'SET #response = :response',
    ConditionExpression: 'attribute_exists(attemptId)',
    ExpressionAttributeNames: { '#response': 'response' },
    ExpressionAttributeValues: toItem({ ':response': expungedResponse }),
  });
  await tryConditionalWrite(client.send(update));
}

/** Looks in the index first: that is one small read. */
async function findOfMessage(
  table: AttemptsTable,
  ids: Pick<Attempt, 'applicationId' | 'messageId' | 'attemptId'>,
): Promise<Attempt | undefined> {
  if (!isId('attempt', ids.attemptId) || !isId('message', ids.messageId)) return undefined;
  const found = (await findIndexed(table, ids)) ?? (await findFirst(table, ids));
  return found?.applicationId === ids.applicationId ? found : undefined;
}

async function findIndexed(
  table: AttemptsTable,
  { messageId, attemptId }: Pick<Attempt, 'messageId' | 'attemptId'>,
): Promise<Attempt | undefined> {
  const { Items } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      IndexName: 'byMessage',
      KeyConditionExpression: 'messageId = :messageId AND attemptId = :attemptId',
      ExpressionAttributeValues: toItem({ ':messageId': messageId, ':attemptId': attemptId }),
    }),
  );
  const [item] = Items ?? [];
  return item && findAttempt(table, readAttempt(toRow(item)));
}

/** Finds a first attempt: its id says at which of the application's endpoints it was made. */
async function findFirst(
  table: AttemptsTable,
  { applicationId, messageId, attemptId }: Pick<Attempt, 'applicationId' | 'messageId' | 'attemptId'>,
): Promise<Attempt | undefined> {
  if (timeOfId(attemptId).getTime() !== timeOfId(messageId).getTime()) return undefined;
  for (const endpointId of await listAttemptedEndpoints(table, { applicationId, messageId }))
    if (firstAttemptIdOf({ messageId, endpointId }) === attemptId) return findAttempt(table, { endpointId, attemptId });
  return undefined;
}
