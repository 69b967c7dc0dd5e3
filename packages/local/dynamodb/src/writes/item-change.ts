import { isSameItem } from '../expressions/same-item.ts';
import type { Table } from '../schema/table.ts';
import type { Stream } from '../streams/stream.ts';
import type { Item } from '../values.ts';

/** An item becoming another one, or coming, or going. */
export interface ItemChange {
  readonly table: Table;
  readonly key: string;
  readonly old: Item | undefined;
  readonly next: Item | undefined;
  readonly isExpiry?: boolean;
}

/** Where a change's stream record goes, its number, and when it happens. */
export interface StreamPlace {
  readonly stream: Stream;
  readonly shard: number;
  readonly sequence: number;
  readonly at: number;
}

export const isNoChange = ({ old, next }: Pick<ItemChange, 'old' | 'next'>): boolean =>
  old === undefined ? next === undefined : next !== undefined && isSameItem(old, next);
