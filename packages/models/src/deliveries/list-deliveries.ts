import { type DeliveryQuery, lowestIdAt, type Page, type StoredDelivery } from '@posthorn/core';
import { type KeyRange, toKeyRange, withPrefix } from '../paging/key-range.ts';
import { createSliceReader, type PartitionQuery } from '../paging/query-slice.ts';
import { defaultMaxRowsRead, readPage } from '../paging/read-page.ts';
import { hasNotExpired } from '../rows/expiry.ts';
import { type Row, textOf } from '../rows/row.ts';
import { tableDefinitions } from '../table-definitions.ts';
import { readStoredDelivery, statePartitions } from './delivery-row.ts';

/** The deliveries of an endpoint in one state, merged from its partitions, oldest message first. */
export async function listDeliveries(
  table: Pick<PartitionQuery, 'client' | 'tableName'>,
  endpointId: string,
  { query, now }: { readonly query: DeliveryQuery; readonly now: Date },
): Promise<Page<StoredDelivery>> {
  const { partitionKey, sortKey } = tableDefinitions.deliveries.indexes.byState;
  const filter = hasNotExpired(now);
  const sources = statePartitions(endpointId, query.state).map((partition) =>
    createSliceReader({ ...table, indexName: 'byState', partitionKey, sortKey, partition, filter }),
  );
  const list = { sources, range: rangeOf(query), keyOf: (row: Row) => textOf(row, 'messageId') };
  const page = await readPage(list, { ...query, order: 'ascending', maxRowsRead: defaultMaxRowsRead });
  return { ...page, items: page.items.map(readStoredDelivery) };
}

function rangeOf({ after, before }: DeliveryQuery): KeyRange {
  const all = withPrefix('msg_');
  return {
    from: after ? lowestIdAt('message', after) : all.from,
    to: before ? toKeyRange({ from: all.from, before: lowestIdAt('message', before) }).to : all.to,
  };
}
