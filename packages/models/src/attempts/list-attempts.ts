import {
  type Attempt,
  type AttemptQuery,
  directionOf,
  idRangeOf,
  type MessageAttemptQuery,
  type Page,
} from '@posthorn/core';
import { toKeyRange } from '../paging/key-range.ts';
import { createSliceReader, type PartitionQuery } from '../paging/query-slice.ts';
import { readPage } from '../paging/read-page.ts';
import { expiryAttribute, nowInSeconds } from '../rows/expiry.ts';
import { allOf, compares, holds, isOneOf, type RowCondition, startsWith } from '../rows/placeholders.ts';
import { type Row, textOf } from '../rows/row.ts';
import { getRows } from '../rows/row-access.ts';
import { tableDefinitions } from '../table-definitions.ts';
import { attemptKey, attemptPartitions, attributesWithoutResponse, readAttempt } from './attempt-row.ts';

/** The table that attempts are listed from. */
export interface AttemptsTable extends Pick<PartitionQuery, 'client' | 'tableName'> {
  readonly maxRowsRead: number;
}

/** An endpoint's attempts, merged from all its partitions. */
export async function listByEndpoint(
  table: AttemptsTable,
  endpointId: string,
  { query, now }: { readonly query: AttemptQuery; readonly now: Date },
): Promise<Page<Attempt>> {
  const { partitionKey, sortKey } = tableDefinitions.attempts;
  const filter = toFilter(query, now);
  const attributes = query.withResponse ? {} : { attributes: attributesWithoutResponse };
  const queries = attemptPartitions(endpointId).map((partition) => ({
    ...table,
    partitionKey,
    sortKey,
    partition,
    filter,
    ...attributes,
  }));
  return readAttempts(table, queries, { query, now });
}

/** A message's attempts by the index. It has no responses, so these are read for the rows of the page only. */
export async function listByMessage(
  table: AttemptsTable,
  messageId: string,
  { query, now }: { readonly query: MessageAttemptQuery; readonly now: Date },
): Promise<Page<Attempt>> {
  const { partitionKey, sortKey } = tableDefinitions.attempts.indexes.byMessage;
  const { applicationId, endpointId } = query;
  const ofApplication = applicationId === undefined ? undefined : compares('app', '=', applicationId);
  const ofEndpoint = endpointId === undefined ? undefined : startsWith('partition', `${endpointId}#`);
  const filter = allOf([toFilter(query, now), ofApplication, ofEndpoint]);
  const index = { ...table, indexName: 'byMessage', partitionKey, sortKey, partition: messageId, filter };
  const page = await readAttempts(table, [index], { query, now });
  return query.withResponse ? { ...page, items: await withResponses(table, page.items) } : page;
}

async function readAttempts(
  { maxRowsRead }: AttemptsTable,
  queries: readonly PartitionQuery[],
  { query, now }: { readonly query: AttemptQuery; readonly now: Date },
): Promise<Page<Attempt>> {
  const list = {
    sources: queries.map(createSliceReader),
    range: toKeyRange(idRangeOf('attempt', query, now)),
    keyOf: (row: Row) => textOf(row, 'attemptId'),
  };
  const page = await readPage(list, {
    ...query,
    direction: directionOf(query),
    order: 'descending',
    maxRowsRead,
  });
  return { ...page, items: page.items.map(readAttempt) };
}

const toFilter = ({ status, statusCodeClass, channel, eventTypes }: AttemptQuery, now: Date): RowCondition =>
  allOf([
    compares(expiryAttribute, '>', nowInSeconds(now)),
    status === undefined ? undefined : compares('status', '=', status),
    statusCodeClass === undefined ? undefined : compares('code', '>=', statusCodeClass),
    statusCodeClass === undefined ? undefined : compares('code', '<', statusCodeClass + 100),
    channel === undefined ? undefined : holds('channels', channel),
    eventTypes && isOneOf('type', eventTypes),
  ]);

async function withResponses(table: AttemptsTable, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
  const rows = await getRows(table, { tableName: table.tableName, keys: attempts.map(attemptKey) });
  const byId = new Map(rows.map((row) => [textOf(row, 'attemptId'), readAttempt(row)]));
  return attempts.map((attempt) => byId.get(attempt.attemptId) ?? attempt);
}
