import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '@posthorn/contracts';
import { createDynamoClient } from './client.ts';
import type { Store } from './store.ts';
import { toCreateTableInput } from './tables.ts';

/** A client of the store that this test run has started or was given. */
export const testClient: DynamoDBClient = createDynamoClient();

/** Creates empty tables in a new stage, so that no test sees another test's rows. */
export async function createTestStore(...tables: readonly Table[]): Promise<Store> {
  const stage = `test-${randomUUID()}`;
  for (const table of tables) await testClient.send(new CreateTableCommand(toCreateTableInput(stage, table)));
  return { client: testClient, stage };
}
