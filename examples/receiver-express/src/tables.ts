import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The tables of this program. Another receiver of the same messages needs a first table of its own. */
export const tables = { webhooks: 'shop-webhooks', balances: 'shop-balances' } as const;

const maxSeconds = 60;

/** Creates the tables that are missing. Deployed, a template would do it, with a time to live for the first one. */
export async function createTables(client: DynamoDBDocumentClient): Promise<void> {
  await createTable(client, tables.webhooks, 'id');
  await createTable(client, tables.balances, 'account');
}

async function createTable(client: DynamoDBDocumentClient, tableName: string, key: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  } catch (error) {
    // It exists.
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: maxSeconds }, { TableName: tableName });
}
