import { capacityPromises } from './capacity.ts';
import { conditionPromises } from './conditions.ts';
import type { Chapter } from './contract.ts';
import { batchPromises, transactionPromises } from './groups.ts';
import { queryPromises, scanPromises } from './queries.ts';
import { streamPromises } from './streams.ts';
import { tablePromises } from './tables.ts';
import { updatePromises, writePromises } from './writes.ts';

/** What every store must do as AWS does. */
export const contract = {
  tables: tablePromises,
  items: writePromises,
  updates: updatePromises,
  conditions: conditionPromises,
  queries: queryPromises,
  scans: scanPromises,
  batches: batchPromises,
  transactions: transactionPromises,
  capacity: capacityPromises,
  streams: streamPromises,
} satisfies Readonly<Record<string, Chapter>>;
