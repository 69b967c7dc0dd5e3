import { partitionPlace } from '../level/keys.ts';
import type { KeyElement, StreamViewType } from '../schema/table.ts';

/** The stream of a table. Records are kept for a day, in shards by partition key. */
export interface Stream {
  readonly id: string;
  readonly arn: string;
  readonly label: string;
  readonly tableName: string;
  readonly viewType: StreamViewType;
  readonly keySchema: readonly KeyElement[];
  readonly shardIds: readonly string[];
  /** The lowest sequence number that its records can have. */
  readonly firstSequence: number;
  /** When the stream was closed, and the last sequence number at that time. */
  readonly closed?: { readonly at: number; readonly lastSequence: number };
}

/**
 * Returns the sequence number as text with at least 21 digits, as the protocol requires. Text order is number order.
 */
export const toSequenceNumber = (sequence: number): string => String(firstSequenceNumber + BigInt(sequence));

/** Returns undefined if `toSequenceNumber` cannot have created the text. */
export function fromSequenceNumber(text: string): number | undefined {
  if (!/^\d{21,40}$/.test(text)) return undefined;
  const sequence = BigInt(text) - firstSequenceNumber;
  return sequence < 0n ? 0 : Number(sequence);
}

const firstSequenceNumber = 10n ** 20n;

/** Returns the index of the shard for the changes of an item. */
export const shardOf = ({ shardIds }: Stream, itemKey: string): number =>
  Math.floor(partitionPlace(itemKey) * shardIds.length);

/** How long records are kept, in milliseconds. */
export const retentionMs = 24 * 60 * 60 * 1_000;
