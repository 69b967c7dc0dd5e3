import type { AnyItem } from 'dynamoose/dist/Item.js';
import type { Query } from 'dynamoose/dist/ItemRetriever.js';
import type { ReadSlice } from '../paging/read-page.ts';
import { type Row, textOf } from '../rows/row.ts';
import { type TableDefinition, tableDefinitions } from '../table-definitions.ts';
import type { Model, ModelledTable } from './create-model.ts';

export type ModelQuery = Query<AnyItem>;

/** Reads the rows of one owner through a model, consistently. */
export const createModelSliceReader =
  (
    model: Model,
    list: {
      readonly table: ModelledTable;
      readonly partition: string;
      readonly filter?: (query: ModelQuery) => ModelQuery;
    },
  ): ReadSlice<Row> =>
  async ({ from, to }, { ascends, limit }) => {
    const { partitionKey, sortKey = '' }: TableDefinition = tableDefinitions[list.table];
    const all = model.query(partitionKey).eq(list.partition).where(sortKey).between(from, to);
    const filtered = list.filter?.(all) ?? all;
    const found = await filtered
      .sort(ascends ? 'ascending' : 'descending')
      .limit(limit)
      .consistent()
      .exec();
    const { lastKey } = found;
    return {
      rows: found.map((item) => item.toJSON()),
      // Dynamoose does not say how many rows were read. If there are more, it read as many as it was asked for.
      rowsRead: lastKey ? limit : found.length,
      ...(lastKey && { reached: textOf(lastKey, sortKey) }),
    };
  };
