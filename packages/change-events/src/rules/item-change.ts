import type { Item } from '../values/value.ts';
import type { Operation } from './source.ts';

/** One change of an item, as its table's stream reports it. */
export interface ItemChange {
  readonly streamArn: string;
  readonly sequenceNumber: string;
  /** When the item was changed, in whole seconds. */
  readonly changedAt: Date;
  readonly operation: Operation;
  readonly keys: Item;
  /** Absent if the item was removed. */
  readonly new?: Item;
  /** Absent if the item was inserted. */
  readonly old?: Item;
}
