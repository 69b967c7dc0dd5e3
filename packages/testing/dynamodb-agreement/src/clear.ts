import { BatchWriteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { keysOf, type Table } from './tables.ts';

const mostInABatch = 25;

/** Empties the tables, so that each sequence begins without items. */
export async function clearTables(dynamodb: DynamoDBClient, tables: readonly Table[]): Promise<void> {
  await Promise.all(tables.map((table) => clearTable(dynamodb, table)));
}

async function clearTable(dynamodb: DynamoDBClient, table: Table): Promise<void> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: table.name, ConsistentRead: true }));
  const names = keysOf(table).map(({ name }) => name);
  for (let start = 0; start < Items.length; start += mostInABatch) {
    const requests = Items.slice(start, start + mostInABatch).map((item) => ({
      DeleteRequest: { Key: Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))) },
    }));
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table.name]: requests } }));
  }
}
