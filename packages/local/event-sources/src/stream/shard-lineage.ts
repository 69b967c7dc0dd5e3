export interface ListedShard {
  readonly shardId: string;
  readonly parentShardId?: string;
  /** A closed shard gets no more records. */
  readonly closed: boolean;
}

/**
 * Returns the shards to start now: those that are neither running nor done, and that have no unfinished parent in the
 * list. So a change is never read before an earlier change of the same item in the parent.
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
