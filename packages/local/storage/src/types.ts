import type { Finding } from './errors.ts';
import type { Loss } from './folder/judge-folder.ts';

export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** A range of keys, and the direction to read it. */
export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export type Row = readonly [key: string, value: string];

export interface CommitOptions {
  /**
   * Writes also if the disk has little free space: deletes, acknowledgements, and what is known of work that is done.
   * Changes that only delete are always essential.
   */
  readonly essential?: boolean;
}

/** Whether new data can be written, and the damage that was found since the start. */
export type StorageState = (
  | { readonly writable: true }
  | {
      readonly writable: false;
      /** `full`: the disk has too little free space. `failing`: a write failed, and the store repairs itself. */
      readonly cause: 'full' | 'failing';
      readonly reason: string;
    }
) & {
  readonly damage?: readonly Finding[];
};

/** A copy of a store's files at one moment, on the same disk. It can be opened, verified and copied like any folder. */
export interface Snapshot {
  readonly folder: string;
  /** How long commits waited, in milliseconds. */
  readonly pauseMs: number;
  /** Deletes the copy. */
  remove(): Promise<void>;
}

/** Reads the rows of a folder that is being verified. */
export interface VerifiedRows {
  get(key: string): string | undefined;
  rows(range: Range): AsyncIterable<readonly Row[]>;
}

/** Checks what the rows mean. Returns what is wrong; `file` names the row or the table. */
export type RowCheck = (rows: VerifiedRows) => Promise<readonly Finding[]>;

export interface Verification {
  /** Empty if all is well. */
  readonly findings: readonly Finding[];
  readonly rows: number;
  /** What a crash of the machine has cost, if the folder was not opened since. */
  readonly loss?: Loss;
}

/** Text rows in the order of their keys, in a folder or in memory. */
export interface Storage {
  /**
   * Returns the durable value.
   *
   * @throws StorageReopening for a moment after a failed write
   */
  get(key: string): string | undefined;
  /**
   * Returns the value after the last change, even if that is not durable yet.
   *
   * @throws StorageReopening for a moment after a failed write
   */
  latest(key: string): string | undefined;
  /**
   * Writes all changes atomically, after all earlier ones. Resolves when they are durable.
   *
   * Rejects with `StorageFull` if the disk has too little free space, and with `StorageWriteFailed` if a write fails: then
   * nothing of the changes is stored, and the store repairs itself.
   */
  commit(changes: readonly Change[], options?: CommitOptions): Promise<void>;
  /** Resolves when all changes so far are durable. */
  settled(): Promise<void>;
  /** Returns the rows that are durable now, in portions. Waits while the store opens its files again. */
  rows(range: Range): AsyncIterable<readonly Row[]>;
  /** The same, without the values. */
  keys(range: Range): AsyncIterable<readonly string[]>;
  /** Deletes a range. Nothing may write to it any more. */
  clear(range: Range): Promise<void>;
  /** Resolves when rows can be read, while the store opens its files again after a failed write. Otherwise nothing. */
  readable(): Promise<void> | undefined;
  state(): StorageState;
  /**
   * Takes a snapshot of all rows while the store is in use. Every commit that was acknowledged before the call is in it.
   * Commits wait for some milliseconds.
   */
  snapshot(): Promise<Snapshot>;
  /** What the machine's crash before this start may have cost. Absent if nothing is missing. */
  readonly loss?: Loss;
  close(): Promise<void>;
}
