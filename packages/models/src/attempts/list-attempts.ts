import {
  type Attempt,
  type AttemptQuery,
  type AttemptStatusFilter,
  attemptIdRangeOf,
  directionOf,
  isId,
  type MessageAttemptQuery,
  type Page,
  timeOfId,
} from '@posthorn/core';
import { toKeyRange } from '../paging/key-range.ts';
import { createSliceReader, type PartitionQuery } from '../paging/query-slice.ts';
import { type ReadSlice, readPage } from '../paging/read-page.ts';
import { expiryAttribute, nowInSeconds } from '../rows/expiry.ts';
import { allOf, compares, holds, isOneOf, type RowCondition, startsWith } from '../rows/placeholders.ts';
import { type Row, textOf } from '../rows/row.ts';
import { getRows } from '../rows/row-access.ts';
import type { Store } from '../store.ts';
import { tableDefinitions } from '../table-definitions.ts';
import { attemptKey, attemptPartitions, attributesWithoutResponse, readAttempt } from './attempt-row.ts';
import { listAttemptedEndpoints } from './attempted-endpoints.ts';
import { createFirstAttemptReader, matchesFilters } from './first-attempts.ts';

/** The table that attempts are listed from. */
export interface AttemptsTable extends Store, Pick<PartitionQuery, 'tableName'> {
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
  return readAttempts(table, queries.map(createSliceReader), { query, now });
}

/** An attempt is planned after its message was accepted, and clocks differ by less than this. */
const clockSkewMs = 3_600_000;

/**
 * A message's attempts: the index has those that no key leads to, the others are read by their keys. Both are read
 * without responses, so these are read for the rows of the page only.
 */
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
  const endpointIds = await endpointsOf(table, messageId, query);
  const matches = matchesFilters(query, now);
  const isListed = (row: Row) => matches(row) && (applicationId === undefined || row.app === applicationId);
  const sources = [
    createSliceReader(index),
    ...(endpointIds.length === 0 ? [] : [createFirstAttemptReader({ ...table, messageId, endpointIds, isListed })]),
  ];
  const { plannedFrom: _, ...rest } = query;
  const bounded = isId('message', messageId)
    ? { ...rest, plannedFrom: new Date(timeOfId(messageId).getTime() - clockSkewMs) }
    : rest;
  const page = await readAttempts(table, sources, { query: bounded, now });
  return query.withResponse ? { ...page, items: await withResponses(table, page.items) } : page;
}

/** The endpoints that can have attempts that the index does not have. Failures are always in the index. */
async function endpointsOf(
  table: AttemptsTable,
  messageId: string,
  query: MessageAttemptQuery,
): Promise<readonly string[]> {
  if (query.status === 'failed' || query.withoutFirstSuccesses || !isId('message', messageId)) return [];
  if (query.applicationId === undefined) return [query.endpointId];
  if (query.endpointId !== undefined) return [query.endpointId];
  return [...(await listAttemptedEndpoints(table, { applicationId: query.applicationId, messageId }))];
}

async function readAttempts(
  { maxRowsRead }: AttemptsTable,
  sources: readonly ReadSlice<Row>[],
  { query, now }: { readonly query: AttemptQuery; readonly now: Date },
): Promise<Page<Attempt>> {
  const list = {
    sources,
    range: toKeyRange(attemptIdRangeOf(query, now)),
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

const toFilter = (
  { status, statusCodeClass, channel, eventTypes, before, after }: AttemptQuery,
  now: Date,
): RowCondition =>
  allOf([
    compares(expiryAttribute, '>', nowInSeconds(now)),
    before && compares('at', '<', before.toISOString()),
    after && compares('at', '>=', after.toISOString()),
    ...(status === undefined ? [] : toStatusConditions(status)),
    statusCodeClass === undefined ? undefined : compares('code', '>=', statusCodeClass),
    statusCodeClass === undefined ? undefined : compares('code', '<', statusCodeClass + 100),
    channel === undefined ? undefined : holds('channels', channel),
    eventTypes && isOneOf('type', eventTypes),
  ]);

function toStatusConditions(status: AttemptStatusFilter): readonly RowCondition[] {
  switch (status) {
    case 'succeeded':
    case 'failed':
      return [compares('status', '=', status)];
    case 'delivered':
      return [compares('status', '=', 'succeeded'), compares('code', '>', 0)];
    case 'canceled':
      return [compares('status', '=', 'succeeded'), compares('code', '=', 0)];
  }
}

async function withResponses(table: AttemptsTable, attempts: readonly Attempt[]): Promise<readonly Attempt[]> {
  const rows = await getRows(table, { tableName: table.tableName, keys: attempts.map(attemptKey) });
  const byId = new Map(rows.map((row) => [textOf(row, 'attemptId'), readAttempt(row)]));
  return attempts.map((attempt) => byId.get(attempt.attemptId) ?? attempt);
}
