import type { AccessKey } from '@posthorn/local-signatures';
import type { Storage, StorageOptions } from '@posthorn/local-storage';
import type { Rights } from './access/rights.ts';

/** Options of an embedded DynamoDB. */
export interface EmbeddedOptions extends StorageOptions {
  /** An open storage to use instead of a folder. It is shared with others, and stays open when this store closes. */
  readonly storage?: Storage;
  /** Names of tables that are also written when the disk has little free space. Deletes always are. */
  readonly essentialTables?: ReadonlySet<string>;
  /** Region in ARNs and stream records. Default: `us-east-1`. */
  readonly region?: string;
  /** Number of shards of a new stream. Default: 1. */
  readonly shardsPerStream?: number;
  /** Milliseconds between searches for expired items. Default: 1000. */
  readonly expiryIntervalMs?: number;
  /** Milliseconds that GetRecords waits for a record at the end of a shard. Default: 0, as on AWS. */
  readonly streamWaitMs?: number;
}

/** A key that may not do everything. */
export interface LimitedKey extends AccessKey {
  readonly rights: Rights;
}

/** Where and for whom a server answers. */
export interface ServingOptions {
  /** Any free port if absent or 0. */
  readonly port?: number;
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  /** The key that requests must be signed with. If absent, any key is accepted: the signature is not verified. */
  readonly accessKey?: AccessKey;
  /** More keys, for programs that may not do everything. Only with `accessKey`. */
  readonly limitedKeys?: readonly LimitedKey[];
  /** Requests with limited keys that are worked on at a time. The others wait. Default: 8. */
  readonly limitedAtATime?: number;
}

/** Options of a server. */
export interface ServerOptions extends EmbeddedOptions, ServingOptions {}
