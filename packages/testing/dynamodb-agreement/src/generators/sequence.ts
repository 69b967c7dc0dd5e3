import fc from 'fast-check';
import type { Operation } from '../operation.ts';
import type { Table } from '../tables.ts';
import { batchGet, batchWrite, transactGet, transactWrite } from './groups.ts';
import { get, query, scan } from './reads.ts';
import { write } from './writes.ts';

/** 5 to 20 operations on one table, mostly single writes and queries. */
export const singleOperations = (table: Table): fc.Arbitrary<readonly Operation[]> =>
  sequenceOf(
    fc.oneof(
      { weight: 10, arbitrary: write(table) },
      { weight: 4, arbitrary: query(table) },
      { weight: 2, arbitrary: get(table) },
      { weight: 1, arbitrary: scan(table) },
    ),
  );

/** Batches and transactions, with some single operations between them. */
export const groupOperations = (table: Table): fc.Arbitrary<readonly Operation[]> =>
  sequenceOf(
    fc.oneof(
      { weight: 4, arbitrary: transactWrite(table) },
      { weight: 2, arbitrary: batchWrite(table) },
      { weight: 1, arbitrary: batchGet(table) },
      { weight: 1, arbitrary: transactGet(table) },
      { weight: 2, arbitrary: write(table) },
      { weight: 1, arbitrary: scan(table) },
    ),
  );

const sequenceOf = (operation: fc.Arbitrary<Operation>) =>
  fc.array(operation, { minLength: 5, maxLength: 20, size: 'max' });
