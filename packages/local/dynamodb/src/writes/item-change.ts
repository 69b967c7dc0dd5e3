import { isSameItem } from '../expressions/same-item.ts';
import { itemSize } from '../items/item-size.ts';
import type { Table } from '../schema/table.ts';
import type { Stream } from '../streams/stream.ts';
import type { Item } from '../values.ts';

/** An insert, update or delete of an item. */
export interface ItemChange {
  readonly table: Table;
  readonly key: string;
  readonly old: Item | undefined;
  readonly next: Item | undefined;
  /** Size of the new item, if it was measured. */
  readonly nextBytes?: number;
  readonly isExpiry?: boolean;
}

/** The shard, sequence number and time of the stream record of a change. */
export interface StreamPlace {
  readonly stream: Stream;
  readonly shard: number;
  readonly sequence: number;
  readonly at: number;
}

export const isNoChange = ({ old, next }: Pick<ItemChange, 'old' | 'next'>): boolean =>
  old === undefined ? next === undefined : next !== undefined && isSameItem(old, next);

/** Size in bytes, 0 if there is no item. */
export const sizeOfOld = ({ old }: ItemChange): number => (old ? itemSize(old) : 0);
export const sizeOfNext = ({ next, nextBytes }: ItemChange): number => nextBytes ?? (next ? itemSize(next) : 0);
