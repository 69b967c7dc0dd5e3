import type { StreamMapping } from '../mapping.ts';
import type { Checkpoint, CheckpointStore, ShardPosition } from './checkpoint-store.ts';
import type { ListedShard } from './shard-lineage.ts';
import type { ReadFrom, StreamClient } from './stream-source.ts';

export interface PlaceDeps {
  readonly stream: Pick<StreamClient, 'arn' | 'listShards'>;
  readonly checkpoints: CheckpointStore;
}

export type Place = Awaited<ReturnType<typeof createPlace>>;

/** Loads the position of the mapping in the stream, and saves it after every step. */
export async function createPlace({ startingPosition }: StreamMapping, { stream, checkpoints }: PlaceDeps) {
  const kept = await checkpoints.load(stream.arn);
  let shards: Record<string, ShardPosition> = { ...kept?.shards };
  const firstShards = new Set<string>();
  if (kept === undefined && startingPosition === 'LATEST') {
    for (const { shardId, closed } of await stream.listShards()) {
      if (closed) shards[shardId] = { kind: 'done' };
      else firstShards.add(shardId);
    }
  }
  const save = (): Promise<void> => {
    const checkpoint: Checkpoint = { streamArn: stream.arn, shards };
    return checkpoints.save(checkpoint);
  };
  return {
    /** Returns where to start a shard. A shard that appears later is always read from its beginning. */
    startOf(shardId: string): ReadFrom {
      const position = shards[shardId];
      if (position !== undefined && position.kind !== 'done') return position;
      return firstShards.has(shardId) ? 'LATEST' : 'TRIM_HORIZON';
    },
    done: (): ReadonlySet<string> => new Set(Object.keys(shards).filter((shardId) => shards[shardId]?.kind === 'done')),
    keep(shardId: string, position: ShardPosition): Promise<void> {
      shards = { ...shards, [shardId]: position };
      return save();
    },
    /** Removes shards that the stream no longer lists. */
    async forget(listed: readonly ListedShard[]): Promise<void> {
      const known = new Set(listed.map(({ shardId }) => shardId));
      const left = Object.entries(shards).filter(([shardId]) => known.has(shardId));
      if (left.length === Object.keys(shards).length) return;
      shards = Object.fromEntries(left);
      await save();
    },
  };
}
