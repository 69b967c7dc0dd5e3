import { EventEmitter } from 'node:events';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import type { TableLayout } from '../schema/table.ts';
import type { CheckedRequest } from './checked-request.ts';

/** The keys of a table or index that a Query or Scan reads, without regard to its start key. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
}

/**
 * Checks a Query or Scan against its table and returns its range of keys. It runs dynalite's action on an empty store
 * that records the range.
 *
 * @throws an error that `toRequestFailure` converts
 */
export function planRead(operation: 'Query' | 'Scan', table: TableLayout, request: CheckedRequest): KeyRange {
  let range: KeyRange | undefined;
  let failure: Error | null | undefined;
  const rows = {
    createValueStream: (asked: KeyRange) => {
      range = asked;
      return new EventEmitter();
    },
  };
  const store = {
    getTable: (_name: string, done: (error: null, found: TableLayout) => void) => done(null, table),
    getItemDb: () => rows,
    getIndexDb: () => rows,
  };
  const action = operation === 'Query' ? query : scan;
  action(store, request, (error) => {
    failure = error;
  });
  if (failure) throw failure;
  if (range === undefined) throw new Error(`${operation} found no range`);
  return range;
}
