import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { TablesClient } from './client.ts';

/** The present stream of a table. */
export interface TableStream {
  readonly streamArn: string;
  /** Absent if the stream is disabled. */
  readonly viewType?: string;
}

/**
 * Finds the stream of any table.
 *
 * @returns `undefined` if the table never had a stream
 * @throws ResourceNotFoundException if there is no such table
 */
export async function findStream(client: TablesClient, table: string): Promise<TableStream | undefined> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  if (Table?.LatestStreamArn === undefined) return undefined;
  const viewType = Table.StreamSpecification?.StreamViewType;
  return { streamArn: Table.LatestStreamArn, ...(viewType !== undefined && { viewType }) };
}
