/** Tracks how far a shard is done, while its lanes run at different speeds. */
export interface ShardProgress {
  /** Adds a change that was read. Must be called in the order of the shard. */
  begin(sequenceNumber: string, arrivedAt: Date): void;
  finish(sequenceNumbers: readonly string[]): void;
  /** Returns the last change for which it and all changes before it are done. */
  checkpoint(): string | undefined;
  /** Returns when the first change after the checkpoint arrived, if one was read. */
  oldestOpenAt(): Date | undefined;
  /** Returns how many changes after the checkpoint were read. */
  open(): number;
}

export function createShardProgress(): ShardProgress {
  const begun: { readonly sequenceNumber: string; readonly arrivedAt: Date }[] = [];
  const finished = new Set<string>();
  let checkpoint: string | undefined;
  const advance = () => {
    const firstOpen = begun.findIndex(({ sequenceNumber }) => !finished.has(sequenceNumber));
    const done = begun.splice(0, firstOpen === -1 ? begun.length : firstOpen);
    for (const { sequenceNumber } of done) finished.delete(sequenceNumber);
    checkpoint = done.at(-1)?.sequenceNumber ?? checkpoint;
  };
  return {
    begin: (sequenceNumber, arrivedAt) => begun.push({ sequenceNumber, arrivedAt }),
    finish(sequenceNumbers) {
      for (const sequenceNumber of sequenceNumbers) finished.add(sequenceNumber);
      advance();
    },
    checkpoint: () => checkpoint,
    oldestOpenAt: () => begun[0]?.arrivedAt,
    open: () => begun.length,
  };
}
