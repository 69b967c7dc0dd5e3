/** How an embedded DynamoDB is set up. */
export interface EmbeddedOptions {
  /** The folder that keeps everything (LevelDB); in memory when absent. One process at a time may have it open. */
  readonly folder?: string;
  /** What an acknowledged write survives: the death of the process (default), or also of the machine (each commit is synced to disk). */
  readonly durability?: 'process' | 'machine';
  /** In ARNs and stream records; `us-east-1` when absent. */
  readonly region?: string;
  /** Shards that a new stream has. */
  readonly shardsPerStream?: number;
  /** How often expired items are looked for, in milliseconds. */
  readonly expiryIntervalMs?: number;
  /** How long GetRecords waits for a first record at the end of a shard, in milliseconds. AWS does not wait: 0. */
  readonly streamWaitMs?: number;
}

/** Where the server listens. */
export interface ServerOptions extends EmbeddedOptions {
  /** Any free one when absent or 0. */
  readonly port?: number;
  /** `localhost` when absent. */
  readonly host?: string;
}
