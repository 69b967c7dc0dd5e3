import { PutItemCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type {
  DecodedRecord,
  Page,
  Task,
  TaskQuery,
  TaskRepository,
  TaskResultEntry,
  TaskVersion,
} from '@posthorn/core';
import { withPrefix } from './paging/key-range.ts';
import { createSliceReader } from './paging/query-slice.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { allOf, compares, createPlaceholders } from './rows/placeholders.ts';
import { type Row, textOf, toItem, toRow } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { readStreamRow } from './stream-images.ts';
import { decodeRecord, type StreamRecord } from './stream-records.ts';
import { tableDefinitions } from './table-definitions.ts';
import { readResultRow, resultRange, toResultRow } from './tasks/result-row.ts';
import { readTask, taskKey, toTaskRow } from './tasks/task-row.ts';

/** Tasks in DynamoDB. */
export function createTaskRepository({ client, stage }: Store): TaskRepository {
  const TableName = tableName(stage, 'tasks');
  return {
    insert: async (task) => {
      const ConditionExpression = 'attribute_not_exists(taskId)';
      const put = new PutItemCommand({ TableName, Item: toItem(toTaskRow(task)), ConditionExpression });
      return (await tryConditionalWrite(client.send(put))).refused ? 'exists' : 'inserted';
    },
    find: async (organisationId, taskId) => {
      const row = await getRow({ client }, { tableName: TableName, key: taskKey({ organisationId, taskId }) });
      return row && readTask(row);
    },
    list: (organisationId, query) => listTasks({ client, tableName: TableName }, organisationId, query),
    putResult: async (task, part) => {
      await client.send(new PutItemCommand({ TableName, Item: toItem(toResultRow(task, part)) }));
    },
    readResult: (organisationId, taskId) => readResult({ client, tableName: TableName }, { organisationId, taskId }),
    advance: async (next, from) => {
      const placeholders = createPlaceholders();
      const ConditionExpression = isAtVersion(from)(placeholders);
      const Item = toItem(toTaskRow(next));
      const { refused } = await tryConditionalWrite(
        client.send(new PutItemCommand({ TableName, Item, ConditionExpression, ...placeholders.given() })),
      );
      return refused ? 'stale' : 'stored';
    },
  };
}

const isAtVersion = ({ slice, status, updatedAt }: TaskVersion) =>
  allOf([
    compares('slice', '=', slice),
    compares('status', '=', status),
    compares('updatedAt', '=', updatedAt.toISOString()),
  ]);

async function listTasks(
  table: Pick<Store, 'client'> & { readonly tableName: string },
  organisationId: string,
  { applicationId, status, kind, ...page }: TaskQuery,
): Promise<Page<Task>> {
  const conditions = [status && compares('status', '=', status), kind && compares('kind', '=', kind)];
  const filter = conditions.some(Boolean) ? { filter: allOf(conditions.map((one) => one || undefined)) } : {};
  const { partitionKey, sortKey, indexes } = tableDefinitions.tasks;
  const source =
    applicationId === undefined
      ? createSliceReader({ ...table, partitionKey, sortKey, partition: organisationId, ...filter })
      : createSliceReader({
          ...table,
          indexName: 'byApplication',
          partitionKey: indexes.byApplication.partitionKey,
          sortKey: indexes.byApplication.sortKey,
          partition: applicationId,
          ...filter,
        });
  const list = { sources: [source], range: withPrefix('qtask_'), keyOf: (row: Row) => textOf(row, 'taskId') };
  const { items, ...end } = await readPage(list, { ...page, maxRowsRead: defaultMaxRowsRead });
  return { ...end, items: items.map(readTask) };
}

async function readResult(
  { client, tableName: TableName }: Pick<Store, 'client'> & { readonly tableName: string },
  { organisationId, taskId }: Pick<Task, 'organisationId' | 'taskId'>,
): Promise<readonly TaskResultEntry[]> {
  const { from, to } = resultRange(taskId);
  const entries: TaskResultEntry[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'organisationId = :organisationId AND taskId BETWEEN :from AND :to',
        ExpressionAttributeValues: toItem({ ':organisationId': organisationId, ':from': from, ':to': to }),
        ExclusiveStartKey: start,
      }),
    );
    for (const item of Items) entries.push(...readResultRow(toRow(item)));
    start = LastEvaluatedKey;
  } while (start);
  return entries;
}

/** Decodes records of the tasks table's stream. What a row was before does not matter. */
export const decodeTaskRecords = (records: readonly StreamRecord[]): readonly DecodedRecord<Task>[] =>
  records.map((record) => decodeRecord(record, (image) => readTask(readStreamRow(image))));
