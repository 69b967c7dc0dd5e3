import { shardKey } from './shard-signals.ts';
import type { StreamRecord } from './stream-record.ts';

/** A durable record in memory. It shares its images with the store, so nobody may modify it. */
export interface TailRecord {
  readonly sequence: number;
  /** Length of the record's row. */
  readonly bytes: number;
  readonly record: StreamRecord;
}

/**
 * The newest records of all shards, so that a reader at the end of a shard needs neither storage nor JSON. A tail has
 * all durable records of its shard from some sequence number on.
 */
export interface StreamTails {
  /** The records must be durable, and come in order. */
  add(streamId: string, shard: number, records: readonly TailRecord[]): void;
  /** Returns the lowest sequence number from which on the tail has all records. */
  from(streamId: string, shard: number): number;
  /** Returns up to `limit` records from a sequence number on, or nothing if some of them are only in storage. */
  read(streamId: string, shard: number, sequence: number, limit: number): readonly TailRecord[] | undefined;
  remove(streamId: string): void;
}

interface Tail {
  readonly streamId: string;
  from: number;
  bytes: number;
  /** The first `skipped` records were dropped. */
  records: TailRecord[];
  skipped: number;
}

/**
 * @param from - the sequence number from which on all records are added
 * @param maxBytes - the size of the records of one shard, about
 */
export function createStreamTails(from: number, maxBytes: number): StreamTails {
  const tails = new Map<string, Tail>();
  const tailOf = (streamId: string, shard: number): Tail => {
    const key = shardKey(streamId, shard);
    const tail = tails.get(key) ?? { streamId, from, bytes: 0, records: [], skipped: 0 };
    tails.set(key, tail);
    return tail;
  };
  return {
    add(streamId, shard, records) {
      const tail = tailOf(streamId, shard);
      for (const record of records) {
        tail.records.push(record);
        tail.bytes += record.bytes;
      }
      dropOldest(tail, maxBytes);
    },
    from: (streamId, shard) => tails.get(shardKey(streamId, shard))?.from ?? from,
    read(streamId, shard, sequence, limit) {
      const tail = tails.get(shardKey(streamId, shard));
      if (sequence < (tail?.from ?? from)) return undefined;
      if (!tail) return [];
      const first = firstFrom(tail, sequence);
      return tail.records.slice(first, first + limit);
    },
    remove(streamId) {
      for (const [key, tail] of tails) if (tail.streamId === streamId) tails.delete(key);
    },
  };
}

function dropOldest(tail: Tail, maxBytes: number): void {
  while (tail.bytes > maxBytes && tail.skipped < tail.records.length) {
    const dropped = tail.records[tail.skipped];
    if (!dropped) return;
    tail.bytes -= dropped.bytes;
    tail.from = dropped.sequence + 1;
    tail.skipped += 1;
  }
  // Moving the rest each time would take longer than all other work.
  if (tail.skipped * 2 < tail.records.length) return;
  tail.records = tail.records.slice(tail.skipped);
  tail.skipped = 0;
}

/** Returns the index of the first record with this sequence number or a higher one. */
function firstFrom({ records, skipped }: Tail, sequence: number): number {
  let [low, high] = [skipped, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.sequence ?? 0) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
