/** Where rows are kept, and what an acknowledged write survives. */
export interface StorageOptions {
  /** Folder for all data (LevelDB). Only one process at a time may have it open. In memory if absent. */
  readonly folder?: string;
  /**
   * What an acknowledged write survives: a crash of the process (default) or also of the machine (each commit is
   * synced).
   */
  readonly durability?: 'process' | 'machine';
}

/** A write could not be made. Nothing of it is stored. */
export class StorageWriteFailed extends Error {
  constructor(cause: unknown) {
    super(`The store could not write and needs a restart: ${String(cause)}`, { cause });
    this.name = 'StorageWriteFailed';
  }
}
