import { isSameItem } from '../expressions/same-item.ts';
import type { Table } from '../schema/table.ts';
import type { Stream } from '../streams/stream.ts';
import type { Item } from '../values.ts';

/** An insert, update or delete of an item. */
export interface ItemChange {
  readonly table: Table;
  readonly key: string;
  readonly old: Item | undefined;
  readonly next: Item | undefined;
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
