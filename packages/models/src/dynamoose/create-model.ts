import { randomUUID } from 'node:crypto';
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import dynamoose from 'dynamoose';
import type { AnyItem } from 'dynamoose/dist/Item.js';
import type { SchemaDefinition } from 'dynamoose/dist/Schema.js';
import type { TablesClient } from '../client.ts';
import type { Store } from '../store.ts';
import { type TableDefinition, tableDefinitions } from '../table-definitions.ts';

/** The tables that have a Dynamoose model. */
export type ModelledTable = 'applications' | 'endpoints' | 'event-types';

/** Creates a table's Dynamoose model, with the keys of its definition. Never creates or changes the table itself. */
export function createModel({ client, stage }: Store, table: ModelledTable, attributes: SchemaDefinition) {
  const { partitionKey, sortKey }: TableDefinition = tableDefinitions[table];
  const schema = new dynamoose.Schema({
    [partitionKey]: { type: String, hashKey: true, required: true },
    ...(sortKey !== undefined && { [sortKey]: { type: String, rangeKey: true, required: true } }),
    ...attributes,
  });
  const instance = new dynamoose.Instance();
  instance.aws.ddb.set(toDynamooseClient(client));
  // Dynamoose keeps models by name: a second model with the same name would use the first one's table.
  const model = dynamoose.model<AnyItem>(randomUUID(), schema);
  new instance.Table(tableName(stage, table), [model], { create: false, update: false, waitForActive: false });
  return model;
}

export type Model = ReturnType<typeof createModel>;

type DynamooseClient = Parameters<typeof dynamoose.aws.ddb.set>[0];

/** Only the client methods that the models call. The class `DynamoDB` would put every command into the bundles. */
function toDynamooseClient(client: TablesClient): DynamooseClient {
  const methods: Partial<DynamooseClient> = {
    getItem: (input: GetItemCommandInput) => client.send(new GetItemCommand(input)),
    putItem: (input: PutItemCommandInput) => client.send(new PutItemCommand(input)),
    query: (input: QueryCommandInput) => client.send(new QueryCommand(input)),
    batchGetItem: (input: BatchGetItemCommandInput) => client.send(new BatchGetItemCommand(input)),
  };
  // The repositories use only operations that call these methods.
  return methods as DynamooseClient;
}
