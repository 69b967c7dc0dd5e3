import { QueryCommand, type QueryCommandInput, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import {
  type EndpointRepository,
  type FanOutApplication,
  type FanOutEndpoint,
  isId,
  type UnreadableEndpoint,
} from '@posthorn/core';
import { pollMark } from '@posthorn/core/poller/poll-mark';
import { fanOutAttributes, readEndpoint, readFanOutEndpoint } from './endpoints/endpoint-row.ts';
import { listDeletedEndpoints } from './endpoints/list-endpoint-keys.ts';
import { rangeBehind, withPrefix } from './paging/key-range.ts';
import { createSliceReader } from './paging/query-slice.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { createPlaceholders } from './rows/placeholders.ts';
import { ForeignRow, type Row, textOf, toItem, toRow } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { tableDefinitions } from './table-definitions.ts';
import { createUidRows } from './uids/uid-rows.ts';

/** Finds an endpoint. Every attempt calls it, so it does not use Dynamoose. */
export function createFindEndpoint(store: Store): EndpointRepository['find'] {
  const uids = createUidRows(store, 'endpoints');
  const read = async (applicationId: string, endpointId: string) => {
    const key = { applicationId, endpointId };
    const row = await getRow(store, { tableName: tableName(store.stage, 'endpoints'), key });
    return row && readEndpoint(row);
  };
  return async (applicationId, idOrUid) => {
    if (isId('endpoint', idOrUid)) return read(applicationId, idOrUid);
    const holder = await uids.findHolder(applicationId, idOrUid);
    const found = holder === undefined ? undefined : await read(applicationId, holder);
    return found?.uid === idOrUid ? found : undefined;
  };
}

/** Whether an endpoint has a row, even if the row cannot be read. Sees every write that finished before it began. */
export const createHasEndpoint =
  (store: Store) =>
  async ({ applicationId, endpointId }: Pick<FanOutEndpoint, 'endpointId'> & { readonly applicationId: string }) => {
    const key = { applicationId, endpointId };
    return (await getRow(store, { tableName: tableName(store.stage, 'endpoints'), key })) !== undefined;
  };

/** Lists an application's endpoints of both modes in pages, without Dynamoose. */
export const createListAllEndpoints =
  ({ client, stage }: Store, maxRowsRead = defaultMaxRowsRead): EndpointRepository['listAll'] =>
  async (applicationId, page) => {
    const { partitionKey, sortKey } = tableDefinitions.endpoints;
    const table = { client, tableName: tableName(stage, 'endpoints'), partitionKey, sortKey };
    const list = {
      sources: [createSliceReader({ ...table, partition: applicationId })],
      range: withPrefix('ep_'),
      keyOf: (row: Row) => textOf(row, sortKey),
    };
    const { items, ...end } = await readPage(list, { ...page, order: 'ascending', maxRowsRead });
    return { ...end, items: items.map(readEndpoint) };
  };

/** Lists the ids of endpoints that were deleted since a time, as long as there is a row of each. */
export const createListDeletedEndpoints =
  (store: Store): EndpointRepository['listDeleted'] =>
  (applicationId, since) =>
    listDeletedEndpoints(store, applicationId, since);

/** Lists an application's endpoints for fan-out. Every accepted message needs it, so it does not use Dynamoose. */
export const createListForFanOut =
  ({ client, stage }: Store): EndpointRepository['listForFanOut'] =>
  async (applicationId) =>
    (await queryAll({ client, stage }, applicationId, fanOutAttributes)).map(readIfPossible);

/** The same, and whether the application is polled, in the same read. */
export const createReadForFanOut =
  (store: Store) =>
  async (applicationId: string): Promise<FanOutApplication> => {
    const rows = await queryAll(store, applicationId, fanOutAttributes, { ...endpointKeys, to: pollMark });
    const own = rows.filter(({ endpointId }) => endpointId !== pollMark);
    return { endpoints: own.map(readIfPossible), isPolled: own.length < rows.length };
  };

/** Lists where an application's endpoints are, with one query. */
export const createListTargets =
  ({ client, stage }: Store): EndpointRepository['listTargets'] =>
  async (applicationId, { after, limit }) => {
    const { partitionKey, sortKey } = tableDefinitions.endpoints;
    const table = { client, tableName: tableName(stage, 'endpoints'), partitionKey, sortKey };
    const read = createSliceReader({ ...table, partition: applicationId, attributes: ['url', 'disabled'] });
    const range = after === undefined ? endpointKeys : rangeBehind(endpointKeys, after, true);
    const { rows, rowsRead, reached } = await read(range, { ascends: true, limit });
    const targets = rows.flatMap(({ url, disabled }) =>
      typeof url === 'string' && typeof disabled === 'boolean' ? [{ url, disabled }] : [],
    );
    return { targets, rowsRead, ...(reached !== undefined && { next: reached }) };
  };

const endpointKeys = withPrefix('ep_');

/** Some attributes of all endpoints of an application. */
async function queryAll(
  { client, stage }: Store,
  applicationId: string,
  attributes: readonly string[],
  { from, to } = endpointKeys,
): Promise<readonly Row[]> {
  const placeholders = createPlaceholders();
  const ProjectionExpression = attributes.map(placeholders.name).join(', ');
  const query: QueryCommandInput = {
    TableName: tableName(stage, 'endpoints'),
    ConsistentRead: true,
    KeyConditionExpression: 'applicationId = :applicationId AND endpointId BETWEEN :from AND :to',
    ExpressionAttributeNames: placeholders.given().ExpressionAttributeNames,
    ExpressionAttributeValues: toItem({ ':applicationId': applicationId, ':from': from, ':to': to }),
    ProjectionExpression,
  };
  const rows: Row[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items, LastEvaluatedKey } = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: start }));
    rows.push(...(Items ?? []).map(toRow));
    start = LastEvaluatedKey;
  } while (start);
  return rows;
}

function readIfPossible(row: Row): FanOutEndpoint | UnreadableEndpoint {
  try {
    return readFanOutEndpoint(row);
  } catch (error) {
    if (!(error instanceof ForeignRow)) throw error;
    return { endpointId: textOf(row, 'endpointId'), unreadable: error.message };
  }
}

/** Disables an endpoint without Dynamoose. An update that read the row before is `stale`: the revision changes. */
export const createDisableEndpoint =
  ({ client, stage }: Store): EndpointRepository['disable'] =>
  async ({ applicationId, endpointId }, at) => {
    const command = new UpdateItemCommand({
      TableName: tableName(stage, 'endpoints'),
      Key: toItem({ applicationId, endpointId }),
      UpdateExpression: 'SET disabled = :true, autoDisabled = :true, updatedAt = :at ADD revision :one',
      ConditionExpression: 'disabled = :false AND (attribute_not_exists(enabledAt) OR enabledAt < :at)',
      ExpressionAttributeValues: toItem({ ':true': true, ':false': false, ':at': at.toISOString(), ':one': 1 }),
    });
    await tryConditionalWrite(client.send(command));
  };
