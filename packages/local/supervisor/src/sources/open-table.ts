import { DescribeTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { BackfillDeps } from './backfill.ts';
import { toItem, toKey } from './to-item.ts';

/** Items in one read. */
const pageSize = 100;

/** A table whose items are read one page after the other. */
export interface OpenTable {
  readonly client: DynamoDBClient;
  readonly keyNames: readonly string[];
  readonly readItems: BackfillDeps['readItems'];
}

/**
 * Opens a table of the account or of a local system.
 *
 * @param options - of the client; without an endpoint, the account of the environment
 */
export async function openTable(
  TableName: string,
  options: ConstructorParameters<typeof DynamoDBClient>[0] = {},
): Promise<OpenTable> {
  const client = new DynamoDBClient(options);
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return {
    client,
    keyNames: (Table?.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []),
    async readItems(after) {
      const start = after && { ExclusiveStartKey: toKey(after) };
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({ TableName, Limit: pageSize, ConsistentRead: true, ...start }),
      );
      return { items: Items.map(toItem), ...(LastEvaluatedKey && { next: toItem(LastEvaluatedKey) }) };
    },
  };
}
