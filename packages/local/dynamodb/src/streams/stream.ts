import { partitionPlace } from '../level/keys.ts';
import type { KeyElement, StreamViewType } from '../schema/table.ts';

/** The changes of one table, kept for a day after each of them, in shards by partition key. */
export interface Stream {
  readonly id: string;
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly viewType: StreamViewType;
  readonly keySchema: readonly KeyElement[];
  readonly shardIds: readonly string[];
  /** The first sequence number that its shards may have. */
  readonly firstSequence: number;
  /** When and after which sequence number it was closed. */
  readonly closed?: { readonly at: number; readonly lastSequence: number };
}

/** A record's sequence number, whose text order is its order. 21 digits at least, as the protocol asks. */
export const toSequenceNumber = (sequence: number): string => String(firstSequenceNumber + BigInt(sequence));

/** Undefined for what cannot have come from `toSequenceNumber`. */
export function fromSequenceNumber(text: string): number | undefined {
  if (!/^\d{21,40}$/.test(text)) return undefined;
  const sequence = BigInt(text) - firstSequenceNumber;
  return sequence < 0n ? 0 : Number(sequence);
}

const firstSequenceNumber = 10n ** 20n;

/** The shard that an item's changes go to, by its key within the table. */
export const shardOf = ({ shardIds }: Stream, itemKey: string): number =>
  Math.floor(partitionPlace(itemKey) * shardIds.length);

/** How long records are kept, in milliseconds. */
export const retentionMs = 24 * 60 * 60 * 1_000;
