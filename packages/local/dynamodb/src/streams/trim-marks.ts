import type { Storage } from '@posthorn/local-storage';
import { keys } from '../level/keys.ts';
import { shardKey } from './shard-signals.ts';

/**
 * The highest sequence number that was trimmed from each shard. They are stored, and kept in memory: each read of a shard
 * asks for its mark, and most shards have none for a day.
 */
export interface TrimMarks {
  /** Returns 0 if nothing was trimmed. */
  of(streamId: string, shard: number): number;
  /** Notes a mark that was stored. */
  note(streamId: string, shard: number, sequence: number): void;
}

export function createTrimMarks(storage: Pick<Storage, 'get'>): TrimMarks {
  const marks = new Map<string, number>();
  const note = (streamId: string, shard: number, sequence: number): void => {
    marks.set(shardKey(streamId, shard), sequence);
  };
  return {
    of(streamId, shard) {
      const known = marks.get(shardKey(streamId, shard));
      if (known !== undefined) return known;
      const stored = Number(storage.get(keys.trimmed(streamId, shard)) ?? 0);
      note(streamId, shard, stored);
      return stored;
    },
    note,
  };
}
