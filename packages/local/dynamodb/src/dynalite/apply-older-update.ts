import updateItem from 'dynalite/actions/updateItem.js';
import type { TableLayout } from '../schema/table.ts';
import type { Item } from '../values.ts';
import { type CheckedRequest, maxItemBytes } from './checked-request.ts';

const ignore = (_key: string, ...rest: readonly unknown[]): void => (rest.at(-1) as () => void)();
const noIndex = { put: ignore, del: ignore };

/**
 * Applies a checked UpdateItem request without an expression (`AttributeUpdates`, or nothing to change) to an item. It
 * runs dynalite's action on a temporary store that contains only this item.
 *
 * @throws an error that `toRequestFailure` converts
 */
export function applyOlderUpdate(table: TableLayout, request: CheckedRequest, old: Item | undefined): Item {
  let item: Item | undefined;
  const itemDb = {
    lock: (_key: string, work: (release: <T>(done: T) => T) => void) => work((done) => done),
    get: (_key: string, done: (error: Error | null, found?: Item) => void) =>
      old === undefined ? done(Object.assign(new Error('not found'), { name: 'NotFoundError' })) : done(null, old),
    put: (_key: string, written: Item, done: () => void) => {
      item = written;
      done();
    },
  };
  const store = {
    options: { maxItemSize: maxItemBytes },
    getTable: (_name: string, done: (error: null, found: TableLayout) => void) => done(null, table),
    getItemDb: () => itemDb,
    getIndexDb: () => noIndex,
  };
  let failure: Error | null | undefined;
  updateItem(store, { ...request, ReturnValues: 'NONE' }, (error) => {
    failure = error;
  });
  if (failure) throw failure;
  if (item === undefined) throw new Error('the update did not end at once');
  return item;
}
