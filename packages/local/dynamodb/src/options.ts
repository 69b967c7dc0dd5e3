/** Options of an embedded DynamoDB. */
export interface EmbeddedOptions {
  /** Folder for all data (LevelDB). Only one process at a time may have it open. In memory if absent. */
  readonly folder?: string;
  /**
   * What an acknowledged write survives: a crash of the process (default) or also of the machine (each commit is
   * synced).
   */
  readonly durability?: 'process' | 'machine';
  /** Region in ARNs and stream records. Default: `us-east-1`. */
  readonly region?: string;
  /** Number of shards of a new stream. Default: 1. */
  readonly shardsPerStream?: number;
  /** Milliseconds between searches for expired items. Default: 1000. */
  readonly expiryIntervalMs?: number;
  /** Milliseconds that GetRecords waits for a record at the end of a shard. Default: 0, as on AWS. */
  readonly streamWaitMs?: number;
}

/** Options of a server. */
export interface ServerOptions extends EmbeddedOptions {
  /** Any free port if absent or 0. */
  readonly port?: number;
  /** Default: `127.0.0.1`. */
  readonly host?: string;
}
