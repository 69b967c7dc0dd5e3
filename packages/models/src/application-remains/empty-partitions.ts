import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { type Table, tableName } from '@posthorn/contracts';
import { deleteRows } from '../rows/delete-rows.ts';
import { createPlaceholders } from '../rows/placeholders.ts';
import { type Row, toRow } from '../rows/row.ts';
import type { Store } from '../store.ts';
import { type TableDefinition, tableDefinitions } from '../table-definitions.ts';

/** The rows under one key of a table or of an index. */
export interface Partition {
  readonly table: Table;
  readonly indexName?: string;
  readonly key: string;
  /** Attributes that are read besides the keys. */
  readonly attributes?: readonly string[];
  /** Rows that stay. */
  readonly keeps?: (row: Row) => boolean;
  /** Removes what belongs to these rows, before they are removed themselves. It may be repeated. */
  readonly removeBefore?: (rows: readonly Row[]) => Promise<void>;
}

/** How much may be done, and what was done. */
export interface Progress {
  readonly isSpent: () => boolean;
  /** Notes that a query was made, and that it led to these rows being removed. */
  readonly note: (table: Table, removed: readonly Row[]) => void;
}

/** One batch of deletions. */
const rowsAtATime = 25;
const partitionsAtATime = 16;

/** Removes all rows of the partitions, or as many as may be removed. Returns whether none are left. */
export async function emptyPartitions(
  store: Store,
  partitions: readonly Partition[],
  progress: Progress,
): Promise<boolean> {
  let left = partitions;
  while (left.length > 0) {
    const more: Partition[] = [];
    for (let start = 0; start < left.length; start += partitionsAtATime) {
      if (progress.isSpent()) return false;
      const some = left.slice(start, start + partitionsAtATime);
      const haveMore = await Promise.all(some.map((partition) => removeSome(store, partition, progress)));
      more.push(...some.filter((_, index) => haveMore[index]));
    }
    left = more;
  }
  return true;
}

/** Returns whether there are more rows. */
async function removeSome({ client, stage }: Store, partition: Partition, progress: Progress): Promise<boolean> {
  const { table, keeps, removeBefore } = partition;
  const TableName = tableName(stage, table);
  const { Items = [], LastEvaluatedKey } = await client.send(toQuery(TableName, partition));
  const rows = Items.map(toRow).filter((row) => !keeps?.(row));
  await removeBefore?.(rows);
  await deleteRows({ client }, TableName, rows.map(keyIn(table)));
  progress.note(table, rows);
  return LastEvaluatedKey !== undefined;
}

function toQuery(TableName: string, { table, indexName, key, attributes = [] }: Partition): QueryCommand {
  const placeholders = createPlaceholders();
  const { name, value } = placeholders;
  const definition: TableDefinition = tableDefinitions[table];
  const partitionKey =
    indexName === undefined ? definition.partitionKey : definition.indexes?.[indexName]?.partitionKey;
  if (partitionKey === undefined) throw new RangeError(`${table} has no index ${indexName}`);
  return new QueryCommand({
    TableName,
    IndexName: indexName,
    ConsistentRead: indexName === undefined,
    KeyConditionExpression: `${name(partitionKey)} = ${value(key)}`,
    ProjectionExpression: [...keysOf(definition), ...attributes].map(name).join(', '),
    ...placeholders.given(),
    Limit: rowsAtATime,
  });
}

const keysOf = ({ partitionKey, sortKey }: TableDefinition): readonly string[] =>
  sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];

const keyIn =
  (table: Table) =>
  (row: Row): Row =>
    Object.fromEntries(keysOf(tableDefinitions[table]).map((name) => [name, row[name]]));
