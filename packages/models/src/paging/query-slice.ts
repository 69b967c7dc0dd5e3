import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { createPlaceholders, type RowCondition } from '../rows/placeholders.ts';
import { type Row, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import type { ReadSlice } from './read-page.ts';

/** The rows under one partition key of a table or an index. */
export interface PartitionQuery extends Pick<Store, 'client'> {
  readonly tableName: string;
  /** If absent, the table itself is read, consistently. */
  readonly indexName?: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly partition: string;
  readonly filter?: RowCondition;
  /** The attributes to read. All of them if absent. */
  readonly attributes?: readonly string[];
}

/** Reads a partition's rows with bounded queries. */
export const createSliceReader =
  (query: PartitionQuery): ReadSlice<Row> =>
  async (range, { ascends, limit }) => {
    const placeholders = createPlaceholders();
    const { name, value } = placeholders;
    const { Items, ScannedCount, LastEvaluatedKey } = await query.client.send(
      new QueryCommand({
        TableName: query.tableName,
        IndexName: query.indexName,
        ConsistentRead: query.indexName === undefined,
        KeyConditionExpression: [
          `${name(query.partitionKey)} = ${value(query.partition)}`,
          `${name(query.sortKey)} BETWEEN ${value(range.from)} AND ${value(range.to)}`,
        ].join(' AND '),
        FilterExpression: query.filter?.(placeholders),
        ProjectionExpression: query.attributes?.map(name).join(', '),
        ...placeholders.given(),
        ScanIndexForward: ascends,
        Limit: limit,
      }),
    );
    const reached = LastEvaluatedKey?.[query.sortKey]?.S;
    return {
      rows: (Items ?? []).map(toRow),
      rowsRead: ScannedCount ?? 0,
      ...(reached !== undefined && { reached }),
    };
  };
