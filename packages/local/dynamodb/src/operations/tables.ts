import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { limitExceeded, resourceInUse, resourceNotFound, validationFailure } from '../failure.ts';
import { keys } from '../level/keys.ts';
import type { IndexDescription, StreamViewType, Table, TableDescription } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import { toDescription, toGlobalIndex } from '../tables/describe.ts';
import { fillInBackground } from '../tables/fill.ts';
import { closeStream, openStream } from '../tables/open-stream.ts';
import { removeInBackground } from '../tables/remove.ts';
import type { Body } from '../values.ts';

interface StreamSpecification {
  readonly StreamEnabled: boolean;
  readonly StreamViewType?: StreamViewType;
}

export async function createTable(state: State, request: CheckedRequest): Promise<Body> {
  const name = String(request.TableName);
  if (state.catalogue.find(name)) throw resourceInUse(`Table already exists: ${name}`);
  const specification = request.StreamSpecification as StreamSpecification | undefined;
  checkSpecification(specification);
  const description = toDescription(state, request);
  const indexNames = [...(description.LocalSecondaryIndexes ?? []), ...(description.GlobalSecondaryIndexes ?? [])];
  const table: Table = {
    id: state.catalogue.newId(),
    description,
    indexIds: Object.fromEntries(indexNames.map(({ IndexName }) => [IndexName, state.catalogue.newId()])),
    tags: toTags(request.Tags),
  };
  const opened = specification?.StreamViewType ? openStream(state, table, specification.StreamViewType) : { table };
  // No item of it can exist yet.
  state.filter.complete(table.id);
  await state.catalogue.save(opened);
  return { TableDescription: opened.table.description };
}

function checkSpecification(specification: StreamSpecification | undefined): void {
  if (!specification) return;
  const { StreamEnabled, StreamViewType } = specification;
  if (StreamEnabled && StreamViewType === undefined)
    throw validationFailure(
      'One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true',
    );
  if (!StreamEnabled && StreamViewType !== undefined)
    throw validationFailure(
      'One or more parameter values were invalid: StreamViewType cannot be specified when StreamEnabled is false',
    );
}

const toTags = (tags: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(((tags ?? []) as readonly { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));

/** Returns the table. The error message is that of requests about tables; requests about items have another one. */
export function findTable({ catalogue }: State, name: unknown): Table {
  const table = catalogue.find(String(name));
  if (!table) throw resourceNotFound(`Requested resource not found: Table: ${name} not found`);
  return table;
}

export const describeTable = async (state: State, { TableName }: CheckedRequest): Promise<Body> => ({
  Table: findTable(state, TableName).description,
});

const maxListed = 100;

export async function listTables({ catalogue }: State, request: CheckedRequest): Promise<Body> {
  const start = request.ExclusiveStartTableName as string | undefined;
  const limit = (request.Limit as number | undefined) ?? maxListed;
  const names = catalogue
    .tables()
    .map(({ description }) => description.TableName)
    .filter((name) => start === undefined || name > start);
  const TableNames = names.slice(0, limit);
  return { TableNames, ...(names.length > limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
}

/** Deletes the table at once and its rows in the background. Its stream can be read for another day. */
export async function deleteTable(state: State, { TableName }: CheckedRequest): Promise<Body> {
  const table = findTable(state, TableName);
  if (table.description.DeletionProtectionEnabled)
    throw validationFailure(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  const closed = closeStream(state, table);
  const ids = [table.id, ...Object.values(table.indexIds)];
  await state.catalogue.save(
    { removedTable: table.description.TableName, ...(closed.stream && { stream: closed.stream }) },
    ids.map((id) => ({ type: 'put', key: keys.leftover(id), value: '' })),
  );
  removeInBackground(state, ids);
  return { TableDescription: { ...table.description, TableStatus: 'DELETING' } };
}

interface IndexUpdate {
  readonly Create?: IndexDescription;
  readonly Delete?: { readonly IndexName: string };
  readonly Update?: { readonly IndexName: string; readonly ProvisionedThroughput: object };
}

export async function updateTable(state: State, request: CheckedRequest): Promise<Body> {
  const found = findTable(state, request.TableName);
  const specification = request.StreamSpecification as StreamSpecification | undefined;
  checkSpecification(specification);
  const changed = specification ? changeStream(state, found, specification) : { table: found };
  let table: Table = { ...changed.table, description: changeSettings(changed.table.description, request) };
  const removed: string[] = [];
  for (const update of (request.GlobalSecondaryIndexUpdates ?? []) as readonly IndexUpdate[]) {
    if (update.Delete) removed.push(...[table.indexIds[update.Delete.IndexName]].filter((id) => id !== undefined));
    table = changeIndex(state, table, update, request);
  }
  await state.catalogue.save(
    { ...changed, table },
    removed.map((id) => ({ type: 'put', key: keys.leftover(id), value: '' })),
  );
  removeInBackground(state, removed);
  fillInBackground(state, table.description.TableName);
  return { TableDescription: table.description };
}

function changeStream(state: State, table: Table, { StreamEnabled, StreamViewType }: StreamSpecification) {
  if (StreamEnabled) {
    if (table.streamId !== undefined)
      throw validationFailure(`Table already has an enabled stream: TableName: ${table.description.TableName}`);
    return openStream(state, table, StreamViewType ?? 'KEYS_ONLY');
  }
  if (table.streamId === undefined)
    throw validationFailure(`Table is not enabled for streams: TableName: ${table.description.TableName}`);
  return closeStream(state, table);
}

function changeSettings(description: TableDescription, request: CheckedRequest): TableDescription {
  const { BillingMode, ProvisionedThroughput, DeletionProtectionEnabled } = request;
  return {
    ...description,
    ...(BillingMode === undefined ? {} : { BillingModeSummary: { BillingMode } }),
    ...(ProvisionedThroughput === undefined
      ? {}
      : { ProvisionedThroughput: { ...(ProvisionedThroughput as object), NumberOfDecreasesToday: 0 } }),
    ...(typeof DeletionProtectionEnabled === 'boolean' ? { DeletionProtectionEnabled } : {}),
  };
}

function changeIndex(
  state: State,
  table: Table,
  { Create, Delete, Update }: IndexUpdate,
  request: CheckedRequest,
): Table {
  const { description } = table;
  const indexes = description.GlobalSecondaryIndexes ?? [];
  const wanted = (Create ?? Delete ?? Update)?.IndexName ?? '';
  const isThere = indexes.some(({ IndexName }) => IndexName === wanted);
  if (Create) {
    if (table.indexIds[wanted] !== undefined)
      throw validationFailure('Attempting to create an index which already exists');
    if (indexes.length >= 20) throw limitExceeded('GlobalSecondaryIndex count exceeds the per-table limit of 20');
    return addIndex(state, table, Create, request);
  }
  if (!isThere) throw resourceNotFound(`Requested resource not found: Index: ${wanted} not found`);
  if (!Delete) return table;
  const left = indexes.filter(({ IndexName }) => IndexName !== wanted);
  const { [wanted]: _gone, ...indexIds } = table.indexIds;
  const { GlobalSecondaryIndexes: _all, ...rest } = description;
  return { ...table, indexIds, description: { ...rest, ...(left.length > 0 && { GlobalSecondaryIndexes: left }) } };
}

function addIndex(state: State, table: Table, index: IndexDescription, request: CheckedRequest): Table {
  const { description } = table;
  const given = (request.AttributeDefinitions ?? []) as TableDescription['AttributeDefinitions'];
  const known = new Set(description.AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  const AttributeDefinitions = [
    ...description.AttributeDefinitions,
    ...given.filter(({ AttributeName }) => !known.has(AttributeName)),
  ];
  const defined = AttributeDefinitions.map(({ AttributeName }) => AttributeName);
  const keyNames = index.KeySchema.map(({ AttributeName }) => AttributeName);
  if (keyNames.some((name) => !defined.includes(name)))
    throw validationFailure(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${keyNames.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  return {
    ...table,
    indexIds: { ...table.indexIds, [index.IndexName]: state.catalogue.newId() },
    description: {
      ...description,
      AttributeDefinitions,
      GlobalSecondaryIndexes: [
        ...(description.GlobalSecondaryIndexes ?? []),
        toGlobalIndex(description.TableArn, index, 'CREATING'),
      ],
    },
    unfinished: {
      timeToLive: table.unfinished?.timeToLive ?? false,
      indexes: [...(table.unfinished?.indexes ?? []), index.IndexName],
    },
  };
}
