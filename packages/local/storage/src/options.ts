import type { Finding } from './errors.ts';
import type { OwnSecret } from './folder/secret-checks.ts';

/** Where rows are kept, and what an acknowledged write survives. */
export interface StorageOptions {
  /** Folder for all data (LevelDB). Only one process at a time may have it open. In memory if absent. */
  readonly folder?: string;
  /**
   * What an acknowledged write survives: a crash of the process (default) or also of the machine (each commit is
   * synced).
   */
  readonly durability?: 'process' | 'machine';
  /**
   * Free space in bytes on the folder's disk. With less, only essential commits are written. Default: a twentieth of the
   * disk, at least 32 MB and at most 256 MB.
   */
  readonly minFreeBytes?: number;
  /** The folder is known to have rows: it is refused if it is missing or empty. */
  readonly hadRows?: boolean;
  /**
   * Secrets that the rows depend on. The folder keeps a check value of each, and is refused with another one or without
   * it. Do not create a missing one before: the folder may know it.
   */
  readonly secrets?: readonly OwnSecret[];
  /** Is called if a check in the background finds damage in a large folder, with each damaged file. */
  readonly onDamage?: (findings: readonly Finding[]) => void;
}
