import type { Item } from '../values.ts';

/** An item that is stored, or that is known to be absent. */
interface Known {
  readonly item: Item | undefined;
}

/**
 * The items of the newest durable writes and reads, without reading and parsing their rows. Items are never modified, so
 * readers share them. While a write of a row is not durable, the row is not known: storage knows what was accepted.
 */
export interface RowCache {
  /** Returns the item if it is known. It is durable, and no write of it is under way. */
  find(row: string): Known | undefined;
  /** Remembers a durable item that was read. */
  keep(row: string, item: Item | undefined, bytes: number): void;
  /** Forgets a row until its write is durable. */
  begin(row: string, item: Item | undefined, bytes: number): RowWrite;
}

/** One of these is called when it is clear whether a write is durable. */
export interface RowWrite {
  succeeded(): void;
  failed(): void;
}

interface Written extends Known {
  readonly bytes: number;
}

/** Bytes of an entry beside those of its item, about. */
const entryBytes = 200;

/**
 * @param maxBytes - the size of all items, about. Items that were not used lately are forgotten: when the new ones have
 *   half of the bytes, they become the old ones, and the previous old ones are dropped.
 */
export function createRowCache(maxBytes: number): RowCache {
  let young = new Map<string, Written>();
  let old = new Map<string, Written>();
  let youngBytes = 0;
  const pending = new Map<string, Written>();

  const add = (row: string, written: Written): void => {
    const bytes = written.bytes + entryBytes;
    // A large item would push out everything else.
    if (bytes > maxBytes / 16) return;
    young.set(row, written);
    youngBytes += bytes;
    if (youngBytes < maxBytes / 2) return;
    [old, young, youngBytes] = [young, new Map(), 0];
  };
  const find = (row: string): Written | undefined => {
    const found = young.get(row);
    if (found) return found;
    const aged = old.get(row);
    if (aged) add(row, aged);
    return aged;
  };
  return {
    find: (row) => (pending.has(row) ? undefined : find(row)),
    keep: (row, item, bytes) => {
      if (!pending.has(row)) add(row, { item, bytes });
    },
    begin(row, item, bytes) {
      const written = { item, bytes };
      pending.set(row, written);
      young.delete(row);
      old.delete(row);
      // Otherwise a later write of the row is under way.
      const end = () => pending.get(row) === written && pending.delete(row);
      return {
        succeeded: () => {
          if (end()) add(row, written);
        },
        failed: () => {
          end();
        },
      };
    },
  };
}
