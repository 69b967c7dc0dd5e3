import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type Table, tableName, tables } from '@posthorn/contracts';
import { type TableDefinition, tableDefinitions } from './table-definitions.ts';

export type { TableDefinition } from './table-definitions.ts';

const createTimeoutSeconds = 60;

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

/**
 * Creates the missing tables of a stage in a local store. Resolves when all of them can be used; may be repeated. In an
 * AWS account, `services/data` creates the tables.
 */
export async function createTables(client: DynamoDBClient, stage: string): Promise<void> {
  for (const table of tables) await createTable(client, stage, table);
}

async function createTable(client: DynamoDBClient, stage: string, table: Table): Promise<void> {
  const input = toCreateTableInput(stage, table);
  const { TableName } = input;
  const isNew = await client.send(new CreateTableCommand(input)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ResourceInUseException) return false;
      throw error;
    },
  );
  await waitUntilTableExists({ client, maxWaitTime: createTimeoutSeconds, minDelay: 1, maxDelay: 2 }, { TableName });
  const { TimeToLiveSpecification } = toCloudFormation(stage, table);
  if (isNew && TimeToLiveSpecification) {
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
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
