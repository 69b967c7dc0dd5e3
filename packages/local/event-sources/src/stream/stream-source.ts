import type { ShardPosition } from './checkpoint-store.ts';
import type { ListedShard } from './shard-lineage.ts';
import type { Change } from './stream-record.ts';

/** Where to start reading a shard. */
export type ReadFrom = 'TRIM_HORIZON' | 'LATEST' | Exclude<ShardPosition, { kind: 'done' }>;

export interface Page {
  readonly changes: readonly Change[];
  /** Absent at the end of a closed shard. */
  readonly next?: string;
}

/** One stream, as a mapping reads it. */
export interface StreamClient {
  readonly arn: string;
  listShards(): Promise<readonly ListedShard[]>;
  openShard(shardId: string, from: ReadFrom): Promise<string | undefined>;
  read(iterator: string): Promise<Page>;
}

/** The present stream of a table. */
export interface FoundStream {
  readonly arn: string;
  readonly viewType?: string | undefined;
}

/** The streams of tables. */
export interface StreamSource {
  /** Returns nothing if the table has no stream. Throws if there is no such table. */
  find(tableName: string): Promise<FoundStream | undefined>;
  open(arn: string): StreamClient;
}

/** The most records in one read. */
export const maxPageSize = 1_000;
