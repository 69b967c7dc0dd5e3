export interface ListedShard {
  readonly shardId: string;
  readonly parentShardId?: string;
  /** Nothing is added to a closed shard any more. */
  readonly closed: boolean;
}

/**
 * Which shards to begin now: those that are neither under way nor done and whose parent, if the stream still lists it, is
 * done. So changes of an item are never read ahead of earlier ones in the parent.
 */
export function shardsToStart(
  listed: readonly ListedShard[],
  done: ReadonlySet<string>,
  running: ReadonlySet<string>,
): readonly ListedShard[] {
  const known = new Set(listed.map(({ shardId }) => shardId));
  return listed.filter(
    ({ shardId, parentShardId }) =>
      !done.has(shardId) &&
      !running.has(shardId) &&
      (parentShardId === undefined || !known.has(parentShardId) || done.has(parentShardId)),
  );
}
