import { checkTables } from '@posthorn/local-dynamodb';
import { checkQueues } from '@posthorn/local-queues';
import type { RowCheck } from '@posthorn/local-storage';

/** Checks what the rows of a storage mean: all tables with their indexes, and all queues with their counts. */
export const checkRows: RowCheck = async (rows) => [...(await checkTables(rows)), ...(await checkQueues(rows))];
