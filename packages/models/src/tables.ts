import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type Table, tableName, tables } from '@posthorn/contracts';
import type { TablesClient } from './client.ts';
import { type TableDefinition, tableDefinitions } from './table-definitions.ts';

export type { TableDefinition } from './table-definitions.ts';

/** The input of CreateTable, with on-demand billing. The time to live is set separately, when the table exists. */
export function toCreateTableInput(stage: string, table: Table) {
  const { TimeToLiveSpecification: _, StreamSpecification, ...layout } = toCloudFormation(stage, table);
  return {
    ...layout,
    BillingMode: 'PAY_PER_REQUEST',
    ...(StreamSpecification && { StreamSpecification: { ...StreamSpecification, StreamEnabled: true } }),
  } satisfies CreateTableCommandInput;
}

/** The name, keys, indexes, time to live and stream of a table, as properties of AWS::DynamoDB::Table. */
export function toCloudFormation(stage: string, table: Table) {
  const definition: TableDefinition = tableDefinitions[table];
  const { timeToLive, stream } = definition;
  return {
    TableName: tableName(stage, table),
    AttributeDefinitions: keyNames(definition).map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
    KeySchema: keySchema(definition),
    ...(definition.indexes && { GlobalSecondaryIndexes: toIndexes(definition.indexes) }),
    ...(timeToLive !== undefined && { TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true } }),
    ...(stream && { StreamSpecification: { StreamViewType: stream } }),
  };
}

const lookEveryMs = 200;
const createTimeoutMs = 60_000;

/**
 * Creates the missing tables of a stage in a local store, and the missing streams and indexes of tables that an earlier
 * version created. A new index gets the rows that are stored already. Resolves when all of them can be used; may be
 * repeated, also after it was interrupted. In an AWS account, `services/data` creates the tables.
 */
export async function createTables(client: TablesClient, stage: string): Promise<void> {
  await Promise.all(tables.map((table) => createTable(client, stage, table)));
}

async function createTable(client: TablesClient, stage: string, table: Table): Promise<void> {
  const input = toCreateTableInput(stage, table);
  const { TableName, StreamSpecification } = input;
  if (!isReady(await describe(client, TableName))) {
    // Another program may create it at the same time.
    await client.send(new CreateTableCommand(input)).catch((error: Error) => {
      if (error.name !== 'ResourceInUseException') throw error;
    });
    await waitUntil(client, TableName, isReady);
  }
  if (StreamSpecification && !hasStream(await describe(client, TableName))) {
    const refused = await client.send(new UpdateTableCommand({ TableName, StreamSpecification })).catch(toError);
    // Another program may have done it at the same time.
    if (refused instanceof Error && !hasStream(await describe(client, TableName))) throw refused;
    await waitUntil(client, TableName, (table) => isReady(table) && hasStream(table));
  }
  await addMissingIndexes(client, input);
  const { TimeToLiveSpecification } = toCloudFormation(stage, table);
  if (!TimeToLiveSpecification) return;
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return;
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

/** One after the other: a store creates one index of a table at a time. */
async function addMissingIndexes(
  client: TablesClient,
  { TableName, AttributeDefinitions, GlobalSecondaryIndexes = [] }: ReturnType<typeof toCreateTableInput>,
): Promise<void> {
  for (const index of GlobalSecondaryIndexes) {
    const { IndexName } = index;
    if (!indexOf(await describe(client, TableName), IndexName)) {
      const GlobalSecondaryIndexUpdates = [{ Create: index }];
      const update = new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates });
      const refused = await client.send(update).catch(toError);
      // Another program may have done it at the same time.
      if (refused instanceof Error && !indexOf(await describe(client, TableName), IndexName)) throw refused;
    }
    await waitUntil(client, TableName, (table) => indexOf(table, IndexName)?.IndexStatus === 'ACTIVE');
  }
}

const indexOf = (table: TableDescription | undefined, name: string) =>
  table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
const isReady = (table: TableDescription | undefined): boolean => table?.TableStatus === 'ACTIVE';
const hasStream = (table: TableDescription | undefined): boolean => table?.StreamSpecification?.StreamEnabled === true;
const toError = (error: Error): Error => error;

async function describe(client: TablesClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function waitUntil(
  client: TablesClient,
  tableName: string,
  holds: (table: TableDescription | undefined) => boolean,
): Promise<void> {
  const deadline = performance.now() + createTimeoutMs;
  while (!holds(await describe(client, tableName))) {
    if (performance.now() > deadline) throw new Error(`the table ${tableName} was not ready in ${createTimeoutMs} ms`);
    await wait(lookEveryMs);
  }
}

const keysOf = ({ partitionKey, sortKey }: Pick<TableDefinition, 'partitionKey' | 'sortKey'>): readonly string[] =>
  sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];

const keyNames = (definition: TableDefinition): readonly string[] => [
  ...new Set([definition, ...Object.values(definition.indexes ?? {})].flatMap(keysOf)),
];

const keySchema = (keys: Pick<TableDefinition, 'partitionKey' | 'sortKey'>) =>
  keysOf(keys).map((name, index) => ({
    AttributeName: name,
    KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));

const toIndexes = (indexes: NonNullable<TableDefinition['indexes']>) =>
  Object.entries(indexes).map(([IndexName, index]) => ({
    IndexName,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.attributes] },
  }));
